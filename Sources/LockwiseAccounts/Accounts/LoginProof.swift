import LockwiseCore

/// The proof of the password in a login.
struct LoginProof {
  /// The address as typed.
  let email: String
  /// The address that is sent: as typed, or in the server's spelling.
  var spelling: String
  /// The password as typed.
  let password: SecretBytes
  /// The stretching of the account's password.
  let stretching: PasswordStretching
  /// The stretched password.
  var stretched: StretchedPassword

  /// Whether the server's spelling differs from the typed address.
  var isRespelled: Bool { spelling != email }
}
