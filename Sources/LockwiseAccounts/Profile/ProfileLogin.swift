import LockwiseCore

/// A login of a profile, read.
package enum ProfileLogin: Sendable {
  /// A login, as a record of Sync would have it.
  case login(LoginRecord)
  /// Not a login that can be used: its id and the reason, which contains nothing of the login.
  case refused(id: String, reason: String)
}

/// The reason why a stored login cannot be read. It contains nothing of the login.
enum StoredLoginError: Error, Equatable, CustomStringConvertible {
  /// It is obscured as before Firefox 4, a form that no current Firefox reads.
  case obscured
  /// Its encryption is damaged, or its key is missing.
  case undecryptable
  /// What was decrypted is not text, or not the expected members.
  case malformed
  /// An earlier login has the same id.
  case repeatedID

  /// A short phrase for messages.
  var description: String {
    switch self {
    case .obscured: "obscured in a form that Firefox no longer reads"
    case .undecryptable: "its encryption is damaged, or its key is missing"
    case .malformed: "its decrypted content is malformed"
    case .repeatedID: "another login has the same id"
    }
  }
}
