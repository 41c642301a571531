import Foundation
import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport

@testable import LockwiseSync

/// Firefox desktop's passwords engine as far as others see it: whole records, the later one wins, and a login that
/// comes under another id takes that id (mozilla-central, services/sync/modules/engines.js and engines/passwords.sys.mjs).
/// Of our engine it uses only the requests and the encryption.
final class ModelFirefox {
  private let server: any ModelServer
  private(set) var logins: [String: ModelRecord] = [:]
  /// What has to be uploaded, and since when; without a login it is a deletion.
  private var changed: [String: Int64] = [:]
  /// Ids that are to be removed from the server without a trace.
  private var dropped: [String] = []
  private var lastSync = Timestamp(hundredths: 0)
  /// All ids that it ever removed without a trace.
  private(set) var forgotten: Set<String> = []
  private let documents = MemoryMirror()
  /// Is told what facts a whole record took with it that lost.
  var discarded: (Set<String>) -> Void = { _ in }

  /// Is told that a login took another id.
  var united: (_ id: String, _ new: String) -> Void = { _, _ in }

  /// The ids of changes that are not uploaded.
  var waiting: Set<String> { Set(changed.keys) }

  init(server: any ModelServer) { self.server = server }

  private var now: Int64 { server.clock.now }

  // MARK: What the user does

  func add(_ record: ModelRecord, id: String) {
    logins[id] = record
    changed[id] = now
  }

  /// Only a password changes the time by which Firefox compares.
  func change(_ id: String, _ name: String, to value: Any) {
    logins[id]?[name] = value
    if name == "password" { logins[id]?["timePasswordChanged"] = now }
    changed[id] = (logins[id]?["timePasswordChanged"] as? NSNumber)?.int64Value ?? 0
  }

  func delete(_ id: String) {
    logins[id] = nil
    changed[id] = now
  }

  func sameLogin(as key: String, except id: String? = nil) -> String? {
    logins.first { $0.key != id && $0.value.key == key }?.key
  }

  // MARK: Sync

  func sync() throws {
    let client = StorageClient(
      environment: StorageEnvironment(
        transport: server.transport, random: SystemRandom(), now: { [server] in server.clock.now },
        sleep: { [server] in try? server.advance($0) }),
      credentials: server.credentials(), documents: documents)
    var query = StorageQuery()
    query.newer = lastSync
    query.order = .oldest
    guard let page = try client.records(in: "passwords", query).value else { return }
    for record in page.records {
      guard let payload = record.payload, let modified = record.modified else { continue }
      let text = try RecordCipher.decrypt(payload: payload, with: server.keys)
      try apply(ModelRecord(text: text), id: record.id, written: modified.milliseconds)
    }
    lastSync = page.lastModified
    if !changed.isEmpty {
      do {
        try upload(changed.keys.sorted(), client)
      } catch StorageError.tooLarge {
        for id in changed.keys.sorted() { try upload([id], client) }
      }
    }
    if !dropped.isEmpty {
      // What came under such an id in the same sync is removed from the server with it.
      for id in dropped { discarded(logins[id]?.facts ?? []) }
      let ids = dropped.map { PercentEncoding.encode($0) }.joined(separator: ",")
      _ = try client.write("DELETE", "/storage/passwords?ids=\(ids)", body: nil, .none)
      dropped = []
    }
  }

  private func upload(_ ids: [String], _ client: StorageClient) throws {
    let answer = try client.post(body(ids), to: "passwords", .none, unmodifiedSince: lastSync)
    for id in answer.success { changed[id] = nil }
    if let modified = answer.modified { lastSync = modified }
  }

  private func body(_ ids: [String]) throws -> SecretBytes {
    let bsos = try ids.map { id in
      let record = logins[id].map { $0.merging(["id": id]) { $1 } } ?? ["id": id, "deleted": true]
      let payload = try RecordCipher.encrypt(
        SecretBytes(utf8: record.text), with: server.keys, random: SystemRandom())
      return ["id": id, "payload": payload.exposedText() ?? ""]
    }
    return SecretBytes(utf8: String(decoding: try JSONSerialization.data(withJSONObject: bsos), as: UTF8.self))
  }

  private func apply(_ record: ModelRecord, id: String, written: Int64) {
    if record["deleted"] != nil {
      guard logins[id] != nil else { return }
      if let time = changed[id], time > written { return }
      if changed[id] != nil, let lost = logins[id] { discarded(lost.facts) }
      logins[id] = nil
      changed[id] = nil
      return
    }
    var record = record
    record["timesUsed"] = nil
    record["timeLastUsed"] = nil
    // Looked for even where the id itself was deleted here.
    if logins[id] == nil, let duplicate = sameLogin(as: record.key) {
      // Ours gets the incoming id, and the server is to forget its own. Without a change of its own it is taken as it is.
      logins[id] = logins[duplicate].map { $0.merging(["id": id]) { $1 } }
      logins[duplicate] = nil
      changed[id] = changed[duplicate]
      changed[duplicate] = nil
      dropped.append(duplicate)
      forgotten.insert(duplicate)
      united(duplicate, id)
    }
    guard let time = changed[id] else {
      logins[id] = record
      return
    }
    let own = logins[id]
    if time > written {
      discarded(record.facts.subtracting(own?.facts ?? []))
    } else {
      discarded((own?.facts ?? []).subtracting(record.facts))
      logins[id] = record
      changed[id] = nil
    }
  }
}
