import LockwiseCore

/// Until when the server asked to be left alone, kept over runs in the vault's document `backoff`.
///
/// The document is a JSON object; ours is the member `storage`, an object of `set` and `until` (milliseconds since
/// 1970 by our clock). Other members are kept as they are.
public final class Backoff {
  /// The longest time that is honoured, a day in milliseconds: a mistyped header must not end syncing for ever.
  public static let longest: Int64 = 24 * 3600 * 1000

  /// Whether writing to the vault waits for the next `save()`. Set while a `MirrorUpdate` is open: what is
  /// written then might be undone with it.
  public var isHeld = false

  private let documents: any SealedDocuments
  private var period: (set: Int64, until: Int64)?
  private var isLoaded = false
  private var isDirty = false

  /// Uses the document `backoff` of `documents`.
  public init(documents: any SealedDocuments) { self.documents = documents }

  /// How long the server still wants to be left alone.
  ///
  /// - Parameter now: our clock, milliseconds since 1970.
  /// - Returns: milliseconds, 0 if it does not.
  /// - Throws: `VaultError` if the document cannot be read.
  public func remaining(at now: Int64) throws -> Int64 {
    try load()
    // Before it was set, our clock was wrong then or is wrong now: nothing can be said.
    guard let period, now >= period.set else { return 0 }
    return max(0, period.until - now)
  }

  /// Remembers a wish of the server; the latest end of all wishes counts.
  ///
  /// - Parameters:
  ///   - seconds: how long it wants to be left alone.
  ///   - now: our clock, milliseconds since 1970.
  /// - Throws: `VaultError` if the document cannot be read.
  public func note(seconds: Int64, now: Int64) throws {
    guard seconds > 0 else { return }
    try load()
    let length = seconds > Self.longest / 1000 ? Self.longest : seconds * 1000
    if let period, now >= period.set, period.until >= now + length { return }
    period = (now, now + length)
    isDirty = true
  }

  /// Writes what was noted, unless `isHeld`.
  ///
  /// - Throws: `VaultError` if the document cannot be written.
  public func save() throws {
    guard isDirty, !isHeld, let period else { return }
    var mine = JSONObjectWriter()
    mine.member("set", period.set)
    mine.member("until", period.until)
    var document = JSONObjectWriter()
    document.member("storage", json: mine.finish())
    for member in try object()?.members ?? [] where member.name != "storage" {
      document.member(member.name, json: member.value.raw)
    }
    try documents.setDocument(.backoff, to: document.finish())
    isDirty = false
  }

  private func object() throws -> JSONObject? {
    try documents.document(.backoff).flatMap { try? JSONValue(parsing: $0) }?.object
  }

  private func load() throws {
    guard !isLoaded else { return }
    isLoaded = true
    guard let mine = try object()?["storage"]?.object, let set = mine["set"]?.integer,
      let until = mine["until"]?.integer, until > set, until - set <= Self.longest
    else { return }
    period = (set, until)
  }
}
