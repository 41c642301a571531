import LockwiseCore

/// A login that an item of a file becomes. It is a class because several lists contain it, and a login is large.
package final class ImportRow {
  /// The place of the item.
  package let location: ItemLocation
  /// The login, with its own id or a new one.
  package internal(set) var login: LoginRecord
  /// Whether every login for HTTP requests of the site and user is the same login, whatever its realm.
  let acceptsAnyRealm: Bool

  init(location: ItemLocation, login: LoginRecord, acceptsAnyRealm: Bool) {
    self.location = location
    self.login = login
    self.acceptsAnyRealm = acceptsAnyRealm
  }

  /// The name by which the user knows the login, not printable yet.
  package var name: String { EntryName(of: login).shown }
}
