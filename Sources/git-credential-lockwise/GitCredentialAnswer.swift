import LockwiseCore

/// What a credential helper answers (git-credential(1), "INPUT/OUTPUT FORMAT").
enum GitCredentialAnswer {
  /// The lines for a login; `nil` if the protocol has no form for it: values must not hold a line feed or NUL.
  static func text(for login: LoginRecord) -> SecretBytes? {
    guard !login.username.utf8.contains(where: { $0 == 0x0A || $0 == 0 }),
      !login.password.withUnsafeBytes({ $0.contains { $0 == 0x0A || $0 == 0 } })
    else { return nil }
    var builder = SecretBuilder()
    builder.append("username=\(login.username)\n")
    builder.append("password=")
    builder.append(login.password)
    builder.append("\n")
    return builder.finish()
  }
}
