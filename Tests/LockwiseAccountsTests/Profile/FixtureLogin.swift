import Foundation
import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The logins of the fixtures (`expected.json`), in the form of records.
enum FixtureLogin {
  /// The records that a profile must yield, as JSON with sorted names.
  static func records() throws -> [String] {
    let file = FakeProfile.fixtures.appendingPathComponent("expected.json")
    let list = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[String: Any]] ?? []
    return try list.map { login in
      var record: [String: Any] = [:]
      for (name, stored) in [
        ("id", "guid"), ("hostname", "origin"), ("formSubmitURL", "formActionOrigin"), ("httpRealm", "httpRealm"),
        ("username", "username"), ("password", "password"), ("usernameField", "usernameField"),
        ("passwordField", "passwordField"), ("timeCreated", "timeCreated"),
        ("timePasswordChanged", "timePasswordChanged"), ("timeLastUsed", "timeLastUsed"), ("timesUsed", "timesUsed"),
      ] {
        record[name] = login[stored]
      }
      for (name, value) in login["unknownFields"] as? [String: Any] ?? [:]
      where name.hasPrefix("lockwise") || name.hasPrefix("x-") {
        record[name] = value
      }
      return try sorted(record)
    }
  }

  static func sorted(_ record: LoginRecord) throws -> String {
    let data = Data((record.json.exposedText() ?? "").utf8)
    return try sorted(JSONSerialization.jsonObject(with: data))
  }

  private static func sorted(_ object: Any) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
  }
}

extension ProfileLogins {
  /// The user's logins as JSON with sorted names, and the refused ones with their reasons.
  func read(_ primaryPassword: String = "") throws -> (logins: [String], refused: [String: String]) {
    try read(key(primaryPassword: SecretBytes(utf8: primaryPassword)))
  }

  func read(_ key: ProfileKey) throws -> (logins: [String], refused: [String: String]) {
    var logins: [String] = []
    var refused: [String: String] = [:]
    try forEach(key) { login in
      switch login {
      case .login(let record): logins.append(try FixtureLogin.sorted(record))
      case .refused(let id, let reason): refused[id] = reason
      }
    }
    #expect(logins.count + refused.count == count)
    return (logins, refused)
  }
}
