import Foundation
import LockwiseTestSupport

@testable import LockwiseCore

/// A home with `lockwise-env` and a vault. There is no account, and `lockwise-sync` does nothing,
/// so no test of this home reaches a server.
final class EnvHome: ProgramHome {
  /// A login of the vault.
  struct Login {
    var origin = "https://example.com"
    var username: String
    var password: String
    var realm: String?
    var guid: String?
    /// The notes as lockwise-pass stores them.
    var notes: String?
    /// The login's own entry name.
    var name: String?
  }

  let scratch: Scratch
  /// The folder of the programs, the first of `PATH`.
  let bin: String
  /// The environment of every process.
  var environment: [String: String]

  /// Makes a home.
  ///
  /// - Parameters:
  ///   - logins: the logins of the vault.
  ///   - passphrase: the passphrase that opens the vault; `nil` if a key file does.
  init(_ logins: [Login] = [], passphrase: String? = nil) throws {
    scratch = try Scratch()
    (bin, environment) = try scratch.makeBin("lockwise-env")
    try scratch.createVault(logins.enumerated().map { try Self.record($1, number: $0) }, passphrase: passphrase)
  }

  private static func record(_ login: Login, number: Int) throws -> LoginRecord {
    let guid = login.guid ?? "{0000000\(number % 10)-0000-4000-8000-\(String(format: "%012d", number))}"
    var member: [String] = []
    if let name = login.name { member.append("\"name\":\(LoginJSON.quote(name))") }
    if let notes = login.notes { member.append("\"notes\":\(LoginJSON.quote(notes))") }
    var json = LoginJSON.whole(
      guid, origin: login.origin, realm: login.realm, form: login.realm == nil ? "" : nil, username: login.username,
      password: login.password)
    if !member.isEmpty { json["lockwise"] = "{" + member.joined(separator: ",") + "}" }
    return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: guid)
  }

  /// The path of `lockwise-env`.
  var executable: String { bin + "/lockwise-env" }

  /// Makes the vault one that cannot be unlocked: its key file is gone. No program may have unlocked it before, because
  /// the kernel keyring keeps the key.
  func loseKey() throws {
    try FileManager.default.removeItem(atPath: scratch.keyFile)
    environment["LOCKWISE_UNLOCK_TIME"] = "0"
  }

  /// The path of a file in the home.
  func path(_ name: String) -> String { scratch.root + "/" + name }

  /// Writes a file in the home.
  ///
  /// - Returns: its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try scratch.write(text, to: path(name))
    return path(name)
  }

  /// Runs `lockwise-env` without a terminal.
  func env(
    _ arguments: String..., input: Input = .none, with variables: [String: String] = [:], timeout: Double = 60
  ) throws -> Run {
    try env(arguments, input: input, with: variables, timeout: timeout)
  }

  /// Runs `lockwise-env` without a terminal.
  func env(
    _ arguments: [String], input: Input = .none, with variables: [String: String] = [:], timeout: Double = 60
  ) throws -> Run {
    try program(executable, arguments, input: input, with: variables, timeout: timeout)
  }

  /// Runs a line in bash, in whose `PATH` `lockwise-env` is.
  func shell(_ line: String, with variables: [String: String] = [:]) throws -> Run {
    try program(Executables.ofSystem("bash"), ["-c", line], with: variables)
  }
}
