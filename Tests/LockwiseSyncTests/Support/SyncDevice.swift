import Foundation
import LockwiseCore
import LockwiseSync

/// A machine with its own vault that syncs with a test's server.
final class SyncDevice {
  let fixture: SyncFixture
  private(set) var vault: Vault
  private let directory: VaultDirectory

  init(_ fixture: SyncFixture) throws {
    self.fixture = fixture
    directory = VaultDirectory(
      path: FileManager.default.temporaryDirectory.appendingPathComponent("lockwise-\(UUID().uuidString)").path)
    vault = try VaultFile.create(
      in: directory, slots: [NewKeySlot(source: .keyFile(path: "/key"), credential: Self.key)], documents: [:],
      random: SystemRandom())
  }

  deinit { try? FileManager.default.removeItem(atPath: directory.path) }

  private static let key = SecretBytes(utf8: String(repeating: "k", count: 32))

  /// Reopens the vault as after the death of the process, without uncommitted changes.
  func restart() throws {
    let file = try VaultFile(in: directory, access: .writing)
    vault = try file.unlock(file.slots()[0], with: Self.key)
  }

  var editor: LoginEditor { LoginEditor(vault: vault) { [fixture] in fixture.clock.now } }

  @discardableResult
  func push() throws -> PushResult {
    let client = StorageClient(
      environment: environment, credentials: FakeCredentials(server: fixture.server), documents: vault)
    let pull = Pull(client: client, syncKey: fixture.syncKey, mirror: vault) { [fixture] in fixture.clock.now }
    return try Push(pull: pull, client: client, mirror: vault, environment: environment).run()
  }

  private var environment: StorageEnvironment {
    StorageEnvironment(
      transport: fixture.server, random: SystemRandom(), now: { [fixture] in fixture.clock.now },
      sleep: { [fixture] in fixture.clock.sleep($0) })
  }

  /// The logins by GUID.
  func logins() throws -> [String: LoginRecord] {
    var logins: [String: LoginRecord] = [:]
    try vault.forEachLogin { logins[$0.guid] = $0 }
    return logins
  }

  @discardableResult
  func add(_ name: String, password: String = "p") throws -> LoginRecord {
    try editor.add(
      LoginDraft(
        origin: "https://\(name).example", target: .realm("r"), username: "user", password: SecretBytes(utf8: password))
    )
  }

  func setPassword(_ guid: String, _ password: String) throws {
    var changes = LoginChanges()
    changes.password = SecretBytes(utf8: password)
    try editor.change(guid: guid, changes)
  }

  func setMember(_ guid: String, _ name: String, _ json: String) throws {
    var changes = LoginChanges()
    changes.members = [(name, SecretBytes(utf8: json))]
    try editor.change(guid: guid, changes)
  }
}

extension SyncFixture {
  /// The decrypted records on the server without tombstones, parsed by Foundation.
  func serverLogins() throws -> [String: [String: Any]] {
    var logins: [String: [String: Any]] = [:]
    for (id, item) in server.collections["passwords"]?.items ?? [:] {
      let text = try RecordCipher.decrypt(payload: SecretBytes(utf8: item.payload()), with: keys)
      let object = try JSONSerialization.jsonObject(with: Data(text.withUnsafeBytes { Array($0) })) as? [String: Any]
      if let object, object["deleted"] == nil { logins[id] = object }
    }
    return logins
  }
}
