import Foundation
import LockwiseTestSupport

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseHostSupport

/// A vault of a released format, as `contrib/vault-fixture` made it, in a home with the sandbox that it belongs to.
struct ReleasedVault {
  /// The credentials, and what a test must find.
  struct Expected: Decodable {
    struct Slots: Decodable {
      let keyFile: String
      let passphrase: String
      let command: String

      enum CodingKeys: String, CodingKey {
        case keyFile = "key-file"
        case passphrase, command
      }
    }

    struct Change: Decodable {
      let id: String
      let password: String
    }

    struct Damaged: Decodable {
      let host: String
      let password: String
    }

    /// The host and port of the sandbox with which it was made.
    let server: String
    let slots: Slots
    /// The passwords by entry names, without the damaged login.
    let logins: [String: String]
    /// The hosts of the logins that were added and not uploaded.
    let added: [String]
    /// The login that was changed and not uploaded.
    let changed: Change
    /// The id of the login that was deleted and not uploaded.
    let removed: String
    let refusedByHost: String
    let deletedElsewhere: String
    let setAside: [String]
    let damaged: Damaged
  }

  /// The released formats, the folders that are called by a number.
  static let formats: [Int64] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).compactMap { Int64($0) }.sorted()
  }()

  private static let folder = TestVectors.fixtures.appendingPathComponent("vaults")

  let home: TestHome
  let expected: Expected
  private let source: URL

  var scratch: Scratch { home.scratch }

  /// Copies a vault into a home, and starts its sandbox.
  ///
  /// - Parameter isLocked: whether it has its own slots only, of which the configured command opens one. If not, a key
  ///   file of the test opens it.
  init(format: Int64, isLocked: Bool = false) throws {
    source = Self.folder.appendingPathComponent("\(format)")
    expected = try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: source.appendingPathComponent("expected.json")))
    let state = NSTemporaryDirectory() + "/lockwise-state-\(UUID().uuidString)"
    try Data(contentsOf: source.appendingPathComponent("server.json")).write(to: URL(fileURLWithPath: state))
    defer { unlink(state) }
    // With a state the fixture's account is ignored.
    home = try TestHome(["--state", state])
    home.mayWrite = true
    // The storage token in the vault is an old one.
    home.mayBeRejected = true
    scratch.environment["LOCKWISE_PULL_INTERVAL"] = "0"
    // All copies have the same id, so they would share the keys in the kernel keyring.
    scratch.environment["LOCKWISE_UNLOCK_TIME"] = "0"
    scratch.environment["LOGNAME"] = "marie"
    try VaultDirectory(path: scratch.vault).create()
    try restore()
    try moveServer()
    if isLocked {
      try configure(command: expected.slots.command)
    } else {
      let key = "a key of 32 bytes, for tests only"
      try scratch.write(key, to: scratch.keyFile)
      _ = try open(.writing).addSlot(
        NewKeySlot(source: .keyFile(path: scratch.keyFile), credential: SecretBytes(utf8: key), cost: TestVault.cost))
    }
  }

  /// Puts the vault's file back as it was released.
  private func restore() throws {
    try scratch.restoreVault(["vault.db": Data(contentsOf: source.appendingPathComponent("vault.db"))])
  }

  /// Sets the unlock command.
  ///
  /// - Parameter command: `nil` removes it.
  func configure(command: String?) throws {
    let folder = scratch.environment["HOME", default: ""] + "/.config/lockwise"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try scratch.write(command.map { "unlock-command = \($0)\n" } ?? "", to: folder + "/config")
  }

  /// The content of the key file.
  func key() throws -> SecretBytes {
    SecretBytes(copying: Array(try Data(contentsOf: source.appendingPathComponent("key"))))
  }

  /// Opens the vault with its key file.
  func open(_ access: VaultFile.Access = .reading) throws -> Vault {
    let file = try VaultFile(in: VaultDirectory(path: scratch.vault), access: access)
    guard let slot = try file.slots().first(where: { $0.source == .keyFile(path: expected.slots.keyFile) }) else {
      throw VaultError.noSuchSlot(id: 0)
    }
    return try file.unlock(slot, with: key())
  }

  /// Replaces the address of the sandbox, whose port was free when the vault was made, by that of the one that runs.
  private func moveServer() throws {
    let address = home.sandbox.url.replacing("http://", with: "")
    let vault = try open(.writing)
    let texts = try vault.documentNames().map { ($0, try vault.document($0)?.exposedText() ?? "") }
    let update = try vault.beginMirrorUpdate()
    for (name, text) in texts where text.contains(expected.server) {
      try update.setDocument(name, to: SecretBytes(utf8: text.replacing(expected.server, with: address)))
    }
    try update.commit()
  }

  /// Runs a program of the suite.
  func run(_ program: String, _ arguments: String..., input: Input = .none) throws -> Run {
    try Run.program(Executables.path(program), arguments, input: input, environment: scratch.environment)
  }
}
