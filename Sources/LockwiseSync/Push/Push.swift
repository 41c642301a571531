import LockwiseAccounts
import LockwiseCore

/// Brings the vault and the server together: fetches what is new, merges, and uploads what was changed here.
///
/// Nothing is written over what was not seen before: every upload fails if the collection changed since it was read, and
/// then everything begins again. Whatever happens, a change leaves the outbox only after the server said that it took
/// it, or has it.
public struct Push {
  /// How often this begins again when other clients write meanwhile.
  static let maximumRounds = 3
  /// A server that asks a writer to wait is waited for this long at most, seconds.
  private static let patience: Int64 = 15

  private static let collection = "passwords"

  private let pull: Pull
  private let client: StorageClient
  private let mirror: any LoginMirror
  private let environment: StorageEnvironment

  /// Makes a push; nothing is sent or read yet.
  ///
  /// - Parameters:
  ///   - pull: for the same client and mirror.
  ///   - client: the account's storage.
  ///   - mirror: the vault.
  ///   - environment: clock, randomness and waiting.
  public init(pull: Pull, client: StorageClient, mirror: any LoginMirror, environment: StorageEnvironment) {
    self.pull = pull
    self.client = client
    self.mirror = mirror
    self.environment = environment
  }

  /// Pushes.
  ///
  /// - Returns: what changed here and there.
  /// - Throws: `PushError`, `PullError`, `StorageError`, and what the credentials' source, the vault and libcrypto throw.
  public func run() throws -> PushResult {
    var result = PushResult(pull: try pull.run())
    for round in 1... {
      let entries = try mirror.outbox()
      guard !entries.isEmpty else { break }
      do {
        try upload(entries, &result)
        break
      } catch StorageError.preconditionFailed where round < Self.maximumRounds {
      } catch StorageError.conflict(let wait) where round < Self.maximumRounds && wait ?? 0 <= Self.patience {
        environment.sleep((wait ?? 1) * 1000)
      } catch StorageError.preconditionFailed {
        throw PushError.keepsChanging(changes: entries.count)
      } catch StorageError.conflict {
        throw PushError.keepsChanging(changes: entries.count)
      }
      result.add(try pull.run())
    }
    result.waiting = try mirror.outbox().count
    return result
  }

  private func upload(_ entries: [OutboxEntry], _ result: inout PushResult) throws {
    let state = try mirror.syncState()
    guard state.notices.allSatisfy(\.allowsUploads) else { throw PushError.passwordsOff(changes: entries.count) }
    guard let bundle = state.keys?.bundle(for: Self.collection) else { throw PullError.noKeys }
    try noteSending(entries)
    var texts: [String: SecretBytes] = [:]
    let items = try entries.map { entry in
      let text = try cleartext(of: entry)
      texts[entry.guid] = text
      return Uploader.Item(
        id: entry.guid, payload: try RecordCipher.encrypt(text, with: bundle, random: environment.random))
    }
    let sent = Dictionary(entries.map { ($0.guid, $0) }) { $1 }
    let uploader = Uploader(
      client: client, collection: Self.collection, configuration: state.configuration ?? .defaults)
    result.refused = try uploader.upload(items, unmodifiedSince: state.passwordsTime ?? Timestamp(hundredths: 0)) {
      try note($0, sent: sent, texts: texts)
      result.uploaded += $0.success.count
    }
  }

  private func cleartext(of entry: OutboxEntry) throws -> SecretBytes {
    if entry.isDeletion {
      var writer = JSONObjectWriter()
      writer.member("id", entry.guid)
      writer.member("deleted", true)
      if let other = entry.unitedWith {
        writer.member(LockwiseMember.name, json: LockwiseMember.text(unitedWith: other))
      }
      return writer.finish()
    }
    // Reading it has checked it by the rules of both Firefoxes.
    guard let login = try mirror.login(guid: entry.guid) else { throw VaultError.damaged(part: "outbox") }
    return login.json
  }

  /// From here on the server may know of logins whose upload is never answered.
  private func noteSending(_ entries: [OutboxEntry]) throws {
    let unsent = entries.filter { !$0.wasSent }
    guard !unsent.isEmpty else { return }
    let update = try mirror.beginMirrorUpdate()
    let present = try update.outbox()
    for entry in unsent {
      guard var entry = present[entry.guid] else { continue }
      entry.wasSent = true
      try update.setOutbox(entry)
    }
    try update.commit()
  }

  /// What the server took is settled, unless it was changed again meanwhile.
  private func note(_ outcome: Uploader.Outcome, sent: [String: OutboxEntry], texts: [String: SecretBytes]) throws {
    let update = try mirror.beginMirrorUpdate()
    let present = try update.outbox()
    for guid in outcome.success {
      guard let entry = sent[guid], var now = present[guid] else { continue }
      if now.revision == entry.revision {
        try update.removeOutbox(guid: guid)
      } else {
        now.base = entry.isDeletion ? nil : texts[guid]
        try update.setOutbox(now)
      }
    }
    if let time = outcome.modified {
      var state = try update.document(.syncState).flatMap { try? SyncState(document: $0) } ?? SyncState()
      state.passwordsTime = time
      state.loginCount = try update.counts().logins
      try update.setDocument(.syncState, to: state.document())
    }
    try update.commit()
  }
}
