/// Logins that can be found by what their names are made of. `Vault` finds each in one step.
public protocol EntryIndex {
  /// Returns the logins with this own entry name.
  func logins(named name: String) throws -> [LoginRecord]
  /// Returns the logins of an origin.
  func logins(at origin: Origin) throws -> [LoginRecord]
  /// Returns the login with this GUID; `nil` if there is none.
  func login(guid: String) throws -> LoginRecord?
  /// Returns the names of all logins.
  func entryList() throws -> EntryList
}
