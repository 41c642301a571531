import LockwiseCore

/// What a login proves the password with.
struct LoginProof {
  /// The address as typed.
  let email: String
  /// The password as typed.
  let password: SecretBytes
  /// How the account's password is stretched.
  let stretching: PasswordStretching
  /// The stretched password.
  var stretched: StretchedPassword
  /// Whether the salt turned out to be another address than the one typed.
  var isOfOtherAddress = false
}
