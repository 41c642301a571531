import LockwiseCore

/// What a login proves the password with.
struct LoginProof {
  /// The address as typed.
  let email: String
  /// The address that is sent: as typed, or as the server spells it.
  var spelling: String
  /// The password as typed.
  let password: SecretBytes
  /// How the account's password is stretched.
  let stretching: PasswordStretching
  /// The stretched password.
  var stretched: StretchedPassword

  /// Whether the server spells the address in another way than it was typed.
  var isRespelled: Bool { spelling != email }
}
