import LockwiseTestSupport
import Testing

@testable import LockwiseCore

extension PassHome {
  /// Makes a home whose vault has entries with these names; the password of each is `password(number)`.
  convenience init(names: [String]) throws {
    try self.init(names.enumerated().map { try Self.login(named: $1, number: $0, password: Self.password($0)) })
  }

  /// The password of the entry at a position of the names.
  static func password(_ number: Int) -> String { "password \(number) of the test" }

  /// Makes the login that has a name.
  static func login(named name: String, number: Int, password: String) throws -> LoginRecord {
    let placement = try #require(EntryPlacement(name: name))
    var draft = LoginDraft(
      origin: placement.origin, target: placement.target, username: placement.username,
      password: SecretBytes(utf8: password))
    if let own = placement.ownName {
      draft.members = [("lockwise", SecretBytes(utf8: #"{"name":\#(LoginJSON.quote(own))}"#))]
    }
    return try draft.record(guid: "{0000-\(number)}", now: 1_700_000_000_000)
  }
}
