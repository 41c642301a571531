import LockwiseCore

extension ReferenceField {
  /// Returns the field's value in a login. Notes and one-time codes are those of lockwise-pass.
  ///
  /// - Parameters:
  ///   - login: the login.
  ///   - time: the time since 1970 for a one-time code.
  /// - Throws: `ResolutionFailure` if it has no such field; `CryptoError.unavailable` if libcrypto refuses.
  func value(of login: LoginRecord, at time: Seconds) throws -> SecretBytes {
    switch self {
    case .password: return EntryBody.password(of: login)
    case .username: return login.isFreeEntry ? try part(.login, of: login, at: time) : SecretBytes(utf8: login.username)
    case .url: return try part(.url, of: login, at: time)
    case .otp: return try part(.otp, of: login, at: time)
    case .notes:
      guard login.hasNotes else { throw ResolutionFailure.noField }
      return EntryBody(of: login).notes
    case .line(let key):
      guard let value = EntryBody(of: login).field(exactly: key) else { throw ResolutionFailure.noField }
      return value
    }
  }

  private func part(_ field: EntryField, of login: LoginRecord, at time: Seconds) throws -> SecretBytes {
    do {
      return try field.value(of: login, at: time)
    } catch let failure as EntryField.Failure {
      switch failure {
      case .missing, .noCode: throw ResolutionFailure.noField
      case .counting: throw ResolutionFailure.countingCode
      case .invalidCode: throw ResolutionFailure.invalidCode
      }
    }
  }
}
