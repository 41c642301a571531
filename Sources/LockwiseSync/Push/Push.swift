import LockwiseAccounts
import LockwiseCore

/// Synchronises the vault and the server: fetches new records, merges, and uploads local changes.
///
/// An unseen change is never overwritten: every upload fails if the collection changed since it was read, and the push
/// then starts again. A change leaves the outbox only after the server confirmed that it stored it, or already has it.
public struct Push {
  /// The number of restarts when other clients write meanwhile.
  static let maximumRounds = 3
  /// The longest pause before a write that is waited for.
  private static let timeout: Seconds = 15

  private static let collection = "passwords"

  private let pull: Pull
  private let client: StorageClient
  private let mirror: any LoginMirror
  private let environment: StorageEnvironment

  /// Creates a push; nothing is sent or read yet.
  ///
  /// - Parameters:
  ///   - pull: a pull with the same client and mirror.
  ///   - client: the account's storage.
  ///   - mirror: the vault.
  ///   - environment: clock, randomness and waiting.
  public init(pull: Pull, client: StorageClient, mirror: any LoginMirror, environment: StorageEnvironment) {
    self.pull = pull
    self.client = client
    self.mirror = mirror
    self.environment = environment
  }

  /// Runs the push.
  ///
  /// - Returns: the changes in the vault and on the server.
  /// - Throws: `PushError`, `PullError`, `StorageError`, and the errors of the credentials' source, the vault and libcrypto.
  public func run() throws -> PushResult {
    var result = PushResult(pull: try pull.run())
    for round in 1... {
      let entries = try mirror.outbox()
      guard !entries.isEmpty else { break }
      do {
        try upload(entries, &result)
        break
      } catch StorageError.preconditionFailed where round < Self.maximumRounds {
      } catch StorageError.conflict(let wait) where round < Self.maximumRounds && wait ?? 0 <= Self.timeout {
        environment.sleep(Milliseconds(wait ?? 1))
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
    let uploader = Uploader(
      client: client, collection: Self.collection, configuration: state.configuration ?? .defaults
    ) {
      try readLimits()
    }
    let outgoing = try prepare(uploader, bundle)
    let refused = try uploader.upload(
      outgoing.items, unmodifiedSince: state.passwordsTime ?? Timestamp(hundredths: 0)
    ) {
      try note($0, of: outgoing)
      result.uploaded += $0.success.count
    }
    result.refused = outgoing.tooLarge.merging(refused) { $1 }
    result.newlyRefused.formUnion(try noteRefused(result.refused, of: outgoing))
  }

  /// Fetches the server's limits and stores them for later runs.
  private func readLimits() throws -> StorageConfiguration {
    let limits = try client.configuration()
    var state = try mirror.syncState()
    state.configuration = limits
    state.configurationFetched = environment.now()
    try mirror.setDocument(.syncState, to: state.text)
    return limits
  }

  /// Stores the reason why the server does not accept a change, so that it is reported once.
  ///
  /// - Returns: the GUIDs with a new reason.
  private func noteRefused(_ refused: [String: String], of outgoing: Outgoing) throws -> [String] {
    let new = refused.filter { outgoing.entries[$0.key]?.refusal != $0.value }.keys.sorted()
    guard !new.isEmpty else { return [] }
    let update = try mirror.beginMirrorUpdate()
    let present = try update.outbox()
    for guid in new {
      guard var now = present[guid], now.revision == outgoing.entries[guid]?.revision else { continue }
      now.refusal = refused[guid]
      try update.setOutbox(now)
    }
    try update.commit()
    return new
  }

  /// The content of one upload.
  private struct Outgoing {
    var items: [Uploader.Item] = []
    /// The entries as they were when their records were read, by GUID.
    var entries: [String: OutboxEntry] = [:]
    /// The records, as JSON, by GUID.
    var texts: [String: SecretBytes] = [:]
    /// The changes that are not sent, with the reasons, by GUID.
    var tooLarge: [String: String] = [:]
  }

  /// Reads the changes to upload and records that they may be on the server from now on, with or without a response.
  ///
  /// Both happen in one update of the vault, so that no change in between is sent unrecorded or missed.
  private func prepare(_ uploader: Uploader, _ bundle: SyncKeyBundle) throws -> Outgoing {
    var outgoing = Outgoing()
    let update = try mirror.beginMirrorUpdate()
    var isChanged = false
    for var entry in try update.outbox().values.sorted(by: { $0.guid < $1.guid }) {
      let text = try cleartext(of: entry, in: update)
      outgoing.texts[entry.guid] = text
      let item = Uploader.Item(
        id: entry.guid, payload: try RecordCipher.encrypt(text, with: bundle, random: environment.random))
      outgoing.entries[entry.guid] = entry
      guard uploader.fits(item) else {
        outgoing.tooLarge[entry.guid] = Uploader.tooLarge
        continue
      }
      if entry.recordUpload(text) {
        try update.setOutbox(entry)
        isChanged = true
      }
      outgoing.items.append(item)
    }
    if isChanged { try update.commit() }
    return outgoing
  }

  private func cleartext(of entry: OutboxEntry, in update: any MirrorUpdate) throws -> SecretBytes {
    if entry.isDeletion { return entry.tombstone.json }
    // Reading it has checked it by the rules of desktop and Android Firefox.
    guard let login = try update.login(guid: entry.guid) else { throw VaultError.damaged(part: "outbox") }
    return login.json
  }

  /// Finishes the changes that the server stored, unless they were changed again meanwhile.
  private func note(_ outcome: Uploader.Outcome, of outgoing: Outgoing) throws {
    let update = try mirror.beginMirrorUpdate()
    let present = try update.outbox()
    for guid in outcome.success {
      guard let entry = outgoing.entries[guid], var now = present[guid] else { continue }
      if now.revision == entry.revision {
        try update.removeOutbox(guid: guid)
      } else {
        now.recordServerVersion(outgoing.texts[guid])
        try update.setOutbox(now)
      }
    }
    if let time = outcome.modified {
      var state = try update.syncState()
      state.passwordsTime = time
      state.loginCount = try update.counts().logins
      try update.setDocument(.syncState, to: state.text)
    }
    try update.commit()
  }
}
