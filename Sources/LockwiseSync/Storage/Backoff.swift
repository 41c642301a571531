import LockwiseCore

/// The end of the server's back-off time, stored in the vault's document `backoff`.
///
/// The document is a JSON object. This type uses the member `storage`, an object of `set` and `until` (milliseconds
/// since 1970 by this machine's clock). Other members are kept unchanged.
public final class Backoff {
  /// The longest time that is honoured, a day in milliseconds: a mistyped header must not stop syncing forever.
  public static let longest: Int64 = 24 * 3600 * 1000

  /// Whether writing to the vault waits for the next `save()`. Set while a `MirrorUpdate` is open: what is
  /// written then might be undone with it.
  public var isHeld = false

  private let documents: any SealedDocuments
  private var period: Period?
  private var isLoaded = false
  private var isDirty = false

  /// Uses the document `backoff` of `documents`.
  public init(documents: any SealedDocuments) { self.documents = documents }

  /// Returns the remaining back-off time.
  ///
  /// - Parameter now: this machine's time, milliseconds since 1970.
  /// - Returns: milliseconds, 0 if there is none.
  /// - Throws: `VaultError` if the document cannot be read.
  public func remaining(at now: Int64) throws -> Int64 {
    try load()
    // The time is before the back-off began: the clock was wrong then or is now, so it cannot be used.
    guard let period, now >= period.set else { return 0 }
    return max(0, period.until - now)
  }

  /// Records a back-off time; the latest end of all applies.
  ///
  /// - Parameters:
  ///   - seconds: the back-off time.
  ///   - now: this machine's time, milliseconds since 1970.
  /// - Throws: `VaultError` if the document cannot be read.
  public func note(seconds: Int64, now: Int64) throws {
    guard seconds > 0 else { return }
    try load()
    let length = seconds > Self.longest / 1000 ? Self.longest : seconds * 1000
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

/// A back-off time: when it was recorded and when it ends, milliseconds since 1970.
private struct Period: StoredDocument {
  let set: Int64
  let until: Int64

  init(set: Int64, until: Int64) {
    self.set = set
    self.until = until
  }

  init(_ codec: inout DocumentCodec, _ stored: Period?) throws {
    set = try codec.required("set", stored?.set)
    until = try codec.required("until", stored?.until)
    guard until > set, until - set <= Backoff.longest else { throw DocumentCodec.Malformed() }
  }
}
