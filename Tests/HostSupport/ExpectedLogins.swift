import Foundation
import LockwiseTestSupport

/// A login as Firefox itself lists it.
struct ExpectedLogin: @unchecked Sendable {
  let guid: String
  let origin: String
  let username: String
  let password: String
  /// All fields, for comparisons.
  let fields: [String: Any]

  /// The scheme and `host[:port]` as git sends them.
  var git: (scheme: String, host: String) {
    guard let separator = origin.range(of: "://") else { return (origin, "") }
    return (String(origin[..<separator.lowerBound]), String(origin[separator.upperBound...]))
  }

  /// Whether git's format can contain the login.
  var isCarriable: Bool { !(username + password).contains { $0.isNewline } }

  /// All logins of the fixture.
  static func all() throws -> [ExpectedLogin] {
    let file = TestVectors.fixtures.appendingPathComponent("firefox-esr-153/expected-logins.json")
    let list = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[String: Any]] ?? []
    return list.map { fields in
      func text(_ name: String) -> String { fields[name] as? String ?? "" }
      return ExpectedLogin(
        guid: text("guid"), origin: text("origin"), username: text("username"), password: text("password"),
        fields: fields)
    }
  }
}
