import LockwiseCore

/// The end of the server's back-off time, stored in the vault's document `backoff`.
///
/// The document is a JSON object. This type uses the member `storage`, an object of `set` and `until` (milliseconds
/// since 1970 by this machine's clock). Other members are kept unchanged.
public final class Backoff {
  /// The longest time that is honoured, a day: a mistyped header must not stop syncing forever.
  static let longest: Seconds = 86_400

  /// Whether writing to the vault waits for the next `save()`. Set while a `MirrorUpdate` is open: what is
  /// written then might be undone with it.
  var isHeld = false

  private let documents: any SealedDocuments
  private var period: Period?
  private var isLoaded = false
  private var isDirty = false

  /// Uses the document `backoff` of `documents`.
  public init(documents: any SealedDocuments) { self.documents = documents }

  /// Returns the remaining back-off time.
  ///
  /// - Parameter now: this machine's time.
  /// - Returns: 0 if there is none.
  /// - Throws: `VaultError` if the document cannot be read.
  public func remaining(at now: Milliseconds) throws -> Milliseconds {
    try load()
    // The time is before the back-off began: the clock was wrong then or is now, so it cannot be used.
    guard let period, now >= period.set else { return 0 }
    return max(0, period.until - now)
  }

  /// Records a back-off time; the latest end of all applies.
  ///
  /// - Parameters:
  ///   - wait: the back-off time.
  ///   - now: this machine's time.
  /// - Throws: `VaultError` if the document cannot be read.
  public func note(_ wait: Seconds, now: Milliseconds) throws {
    guard wait > 0 else { return }
    try load()
    let length = Milliseconds(min(wait, Self.longest))
    if let period, now >= period.set, period.until >= now + length { return }
    period = Period(set: now, until: now + length)
    isDirty = true
  }

  /// Writes the recorded time, unless `isHeld`.
  ///
  /// - Throws: `VaultError` if the document cannot be written.
  public func save() throws {
    guard isDirty, !isHeld, let period else { return }
    let kept = try object() ?? .empty
    try documents.setDocument(.backoff, to: kept.replacing([("storage", period.json)]))
    isDirty = false
  }

  private func object() throws -> JSONObject? {
    try documents.document(.backoff).flatMap { try? JSONValue(parsing: $0) }?.object
  }

  private func load() throws {
    guard !isLoaded else { return }
    isLoaded = true
    period = try object()?["storage"].flatMap { Period(stored: $0) }
  }
}

/// A back-off time: when it was recorded and when it ends.
private struct Period: StoredDocument {
  let set: Milliseconds
  let until: Milliseconds

  init(set: Milliseconds, until: Milliseconds) {
    self.set = set
    self.until = until
  }

  init(_ codec: inout DocumentCodec, _ stored: Period?) throws {
    set = try codec.required("set", stored?.set)
    until = try codec.required("until", stored?.until)
    guard until > set, until - set <= Milliseconds(Backoff.longest) else { throw DocumentCodec.Malformed() }
  }
}
