import LockwiseCore

/// An item that is not imported.
package struct ItemRefusal: Equatable, Sendable {
  /// The place of the item.
  package let location: ItemLocation
  /// A name by which the user knows the item, not printable yet; empty if it has none.
  package let name: String
  /// The reason.
  package let reason: Reason

  /// Makes a refusal.
  package init(_ location: ItemLocation, name: String = "", _ reason: Reason) {
    self.location = location
    self.name = name
    self.reason = reason
  }

  /// The reason why an item is not imported. It contains nothing secret.
  package enum Reason: Equatable, Sendable {
    /// It is something else than a login, such as `a card`.
    case notALogin(String)
    /// It was deleted, but is still in the trash.
    case inTrash
    /// It has no password.
    case noPassword
    /// It has neither a site nor a name.
    case noName
    /// The record has another number of fields than the header.
    case unequalFields(expected: Int, found: Int)
    /// An address has this scheme, for which no login can be made; empty if it has none or is invalid.
    case unsupportedAddress(scheme: String)
    /// It is Firefox's own session, not a login of the user.
    case firefoxAccount
    /// It is not a URL with a user name and a password.
    case notACredentialURL
    /// It is an entry for all hosts.
    case noHost
    /// Firefox would not accept it as a login.
    case invalid(LoginRecordError)
    /// A login cannot have its notes.
    case unusableNotes(EntryBody.Failure)
    /// It has another password for the same site and user as an earlier item.
    case otherPassword(at: ItemLocation)
    /// gpg cannot decrypt it.
    case notDecrypted
    /// It cannot be read, or is not an ordinary file.
    case unreadable
    /// It is a symbolic link.
    case link
    /// It is not a JSON object, or has a member of another type than expected.
    case malformed
  }
}

extension ItemRefusal.Reason: CustomStringConvertible {
  /// A short phrase for messages.
  package var description: String {
    switch self {
    case .notALogin(let kind): "\(kind), not a login"
    case .inTrash: "in the trash"
    case .noPassword: "no password"
    case .noName: "neither a site nor a name"
    case .unequalFields(let expected, let found): "\(Quantity.of(found, "field")) instead of \(expected)"
    case .unsupportedAddress(let scheme): scheme.isEmpty ? "an invalid address" : "an address with \(scheme)://"
    case .firefoxAccount: "Firefox's own session"
    case .notACredentialURL: "not a URL with user name and password"
    case .noHost: "no host"
    case .invalid(let error): error.description
    case .unusableNotes(let failure): "notes: \(failure)"
    case .otherPassword(let location): "another password than in \(location) for the same site and user"
    case .notDecrypted: "gpg cannot decrypt it"
    case .unreadable: "it cannot be read"
    case .link: "a symbolic link"
    case .malformed: "malformed"
    }
  }
}
