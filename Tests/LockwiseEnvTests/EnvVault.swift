import Foundation
import LockwiseCLI
import LockwiseTestSupport

@testable import LockwiseCore
@testable import LockwiseEnv

/// A vault for commands that run in this process. A key file unlocks it.
final class EnvVault {
  /// A login of the vault.
  struct Login {
    var origin: String
    var username = ""
    var password = "p"
    var realm: String?
    var guid: String?
    /// The member `lockwise`.
    var member: String?
  }

  let vault: Vault
  /// The context of a run. Standard input is empty.
  let context: EnvContext
  private let folder: TemporaryFolder

  /// Makes a vault.
  init(_ logins: [Login], _ variables: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    let directory = VaultDirectory(path: folder.path + "/vault")
    let key = [UInt8](repeating: 7, count: 40)
    let path = try folder.write("key", Data(key))
    let slot = NewKeySlot(source: .keyFile(path: path), credential: SecretBytes(copying: key), cost: TestVault.cost)
    vault = try VaultFile.create(in: directory, slots: [slot], documents: [:], random: SystemRandom())
    let update = try vault.beginMirrorUpdate()
    for (number, login) in logins.enumerated() {
      let guid = login.guid ?? "{guid-\(number)}"
      let more: KeyValuePairs<String, String> = login.member.map { ["lockwise": $0] } ?? [:]
      let json = LoginJSON(
        guid, origin: login.origin, realm: login.realm, form: login.realm == nil ? "" : nil, username: login.username,
        password: login.password, more: more)
      try update.store(LoginRecord(json: SecretBytes(utf8: json.text), bsoID: guid))
    }
    try update.commit()
    let environment = Environment(
      [
        "LOCKWISE_UNLOCK_TIME": "0", "LOCKWISE_PULL_INTERVAL": "0", "LOCKWISE_PINENTRY": "", "HOME": folder.path,
        "LOCKWISE_HOME": directory.path, "PATH": "/usr/bin:/bin",
      ].merging(variables) { $1 })
    context = EnvContext(
      helper: HelperContext(
        configuration: Configuration(environment), diagnostics: Diagnostics(program: "lockwise-env") { _ in },
        directory: directory, purpose: UnlockPurpose("test"), clock: { 60_000 }, permitted: .nowhere,
        command: { nil }, push: {}), input: -1, output: -1)
  }

  /// Writes a file next to the vault.
  ///
  /// - Returns: its path.
  func write(_ text: String, to name: String) throws -> [UInt8] { Array(try folder.write(name, text).utf8) }

  /// Returns the values of references.
  func values(_ references: String...) throws -> [String?] {
    let templates = try references.map { try NamedTemplate(reference: Array($0.utf8), for: "", context.environment) }
    return try Resolver(context).resolve(templates).map { $0.bytes.exposedText() }
  }
}
