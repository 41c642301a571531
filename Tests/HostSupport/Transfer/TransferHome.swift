import Foundation
import LockwiseTestSupport

@testable import LockwiseCore

/// A home with a vault that has no account, for imports and exports.
final class TransferHome {
  let scratch: Scratch

  init(_ logins: [LoginJSON] = []) throws {
    scratch = try Scratch()
    // Nothing of the tests reads or writes a server.
    scratch.environment["LOCKWISE_PULL_INTERVAL"] = "0"
    try scratch.createVault(
      logins.map { login in
        try LoginRecord(json: SecretBytes(utf8: login.text), bsoID: login.object["id"] as? String ?? "")
      })
  }

  /// Runs `lockwise-sync`.
  func sync(_ arguments: String..., input: Input = .none) throws -> Run {
    try Run.program(Executables.path("lockwise-sync"), arguments, input: input, environment: scratch.environment)
  }

  /// Writes a file and returns its path.
  func file(_ name: String, _ text: String) throws -> String {
    let path = scratch.root + "/" + name
    try scratch.write(text, to: path)
    return path
  }

  /// The path of a file of `Tests/Fixtures/transfer`.
  static func fixture(_ name: String) -> String {
    TestVectors.fixtures.appendingPathComponent("transfer/" + name).path
  }

  /// The passwords of all logins, by origin and user name.
  func passwords() throws -> [String: String] {
    var found: [String: String] = [:]
    try scratch.openVault().forEachLogin {
      found["\($0.origin) \($0.username)"] = $0.password.exposedText() ?? ""
    }
    return found
  }

  /// The number of changes that wait for an upload.
  func outboxCount() throws -> Int { try scratch.openVault().outboxCount() }

  /// A CSV of Chrome with logins of this many sites.
  static func chrome(_ count: Int) -> String {
    "name,url,username,password,note\r\n"
      + (0..<count).map { "Site \($0),https://host\($0).example/login,user\($0),\"pw,\($0)\",\r\n" }.joined()
  }
}
