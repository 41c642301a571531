import Foundation
import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport

@testable import LockwiseSync

/// The passwords engine of Firefox desktop as other clients see it: records are whole, the later one wins, and a login
/// that arrives under another id takes that id (mozilla-central, services/sync/modules/engines.js and
/// engines/passwords.sys.mjs). It shares only requests and encryption with our engine.
final class ModelFirefox {
  private let server: any ModelServer
  private(set) var logins: [String: ModelRecord] = [:]
  /// A change to upload, with its time; a deletion has no login.
  private var changed: [String: Milliseconds] = [:]
  /// The ids to remove from the server without a tombstone.
  private var dropped: [String] = []
  private var lastSync = Timestamp(hundredths: 0)
  /// All ids that were removed without a tombstone so far.
  private(set) var forgotten: Set<String> = []
  private let documents = MemoryMirror()
  /// Receives the facts of a whole record that lost.
  var discarded: (Set<String>) -> Void = { _ in }

  /// Receives the ids of a login that took another id.
  var united: (_ id: String, _ new: String) -> Void = { _, _ in }

  /// The ids of changes that are not uploaded.
  var waiting: Set<String> { Set(changed.keys) }

  init(server: any ModelServer) { self.server = server }

  private var now: Milliseconds { server.clock.now }

  // MARK: Changes of the user

  func add(_ record: ModelRecord, id: String) {
    logins[id] = record
    changed[id] = now
  }

  /// Only a password changes the time that Firefox compares.
  func change(_ id: String, _ name: String, to value: Any) {
    logins[id]?[name] = value
    if name == "password" { logins[id]?["timePasswordChanged"] = now.rawValue }
    changed[id] = Milliseconds((logins[id]?["timePasswordChanged"] as? NSNumber)?.int64Value ?? 0)
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
      // A record under such an id in the same sync is removed from the server too.
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

  private func apply(_ record: ModelRecord, id: String, written: Milliseconds) {
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
    // Searched even if the id itself was deleted here.
    if logins[id] == nil, let duplicate = sameLogin(as: record.key) {
      // The local login gets the incoming id, and its old id is removed from the server. Without a local change, the
      // incoming record is accepted as it is.
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
