import Foundation
import LockwiseCore
import LockwiseSync

/// One of our clients in a model test, with a real vault and the real engine.
final class ModelDevice {
  private let server: any ModelServer
  private let directory: VaultDirectory
  private(set) var vault: Vault

  private static let key = SecretBytes(utf8: String(repeating: "k", count: 32))

  init(_ server: any ModelServer) throws {
    self.server = server
    // Thousands of durable commits are made, in memory if possible.
    let root = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    directory = VaultDirectory(path: "\(root)/lockwise-\(UUID().uuidString)")
    vault = try VaultFile.create(
      in: directory, slots: [NewKeySlot(source: .keyFile(path: "/key"), credential: Self.key)], documents: [:],
      random: SystemRandom())
  }

  deinit { try? FileManager.default.removeItem(atPath: directory.path) }

  /// Reopens the vault as after the death of the process, without uncommitted changes.
  func restart() throws {
    known = nil
    let file = try VaultFile(in: directory, access: .writing)
    vault = try file.unlock(file.slots()[0], with: Self.key)
  }

  var editor: LoginEditor { LoginEditor(vault: vault) { [server] in server.clock.now } }

  /// The result of `records`, kept as long as only this device changes the vault.
  private var known: [String: ModelRecord]?

  /// Reads the vault again, which was changed from outside.
  func forgetRecords() { known = nil }

  func push(_ fault: ModelFault? = nil, request: Int = 0) throws {
    known = nil
    let environment = StorageEnvironment(
      transport: DisturbedTransport(server.transport, fault, request: request), random: SystemRandom(),
      now: { [server] in server.clock.now }, sleep: { [server] in try? server.advance($0) })
    let client = StorageClient(environment: environment, credentials: server.credentials(), documents: vault)
    let pull = Pull(client: client, syncKey: server.syncKey, mirror: vault) { [server] in server.clock.now }
    _ = try Push(pull: pull, client: client, mirror: vault, environment: environment).run()
  }

  func records() throws -> [String: ModelRecord] {
    if let known { return known }
    var records: [String: ModelRecord] = [:]
    try vault.forEachLogin { records[$0.guid] = try ModelRecord(text: $0.json) }
    known = records
    return records
  }

  func add(_ draft: LoginDraft) throws -> LoginRecord {
    let login = try editor.add(draft)
    known?[login.guid] = try ModelRecord(text: login.json)
    return login
  }

  func change(_ guid: String, _ set: (inout LoginChanges) -> Void) throws {
    var changes = LoginChanges()
    set(&changes)
    let login = try editor.change(guid: guid, changes)
    known?[guid] = try ModelRecord(text: login.json)
  }

  func delete(_ guid: String) throws {
    try editor.delete(guid: guid)
    known?[guid] = nil
  }
}
