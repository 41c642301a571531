/// What git's helper remembers on this machine only: what a host refused, and which login was used last where.
///
/// Holds digests in place of passwords, hosts and paths. Never uploaded.
public struct GitMemory: Equatable, Sendable {
  /// A login that a host refused with the password that it had then.
  private struct Refusal: Equatable, Sendable {
    let digest: [UInt8]
    /// Until when it is not offered there, seconds since 1970.
    let until: Int64
  }

  /// The login used last at a place.
  private struct Use: Equatable, Sendable {
    let place: [UInt8]
    let guid: String
  }

  /// The most refusals, and the most places, that are kept.
  static let limit = 256

  /// The newest first.
  private var refusals: [Refusal] = []
  /// The newest first.
  private var uses: [Use] = []

  /// Remembers nothing.
  public init() {}

  /// Whether nothing is remembered.
  public var isEmpty: Bool { refusals.isEmpty && uses.isEmpty }

  /// Whether a login was refused.
  ///
  /// - Parameters:
  ///   - digest: of place, login and password (`KeyedDigest.Purpose.refusal`).
  ///   - now: seconds since 1970.
  public func isRefused(_ digest: [UInt8], now: Int64) -> Bool {
    refusals.contains { $0.until > now && KeyedDigest.isSame($0.digest, digest) }
  }

  /// Remembers a refusal in place of what was known of it.
  ///
  /// - Parameters:
  ///   - digest: as above.
  ///   - until: seconds since 1970.
  ///   - now: seconds since 1970; what is over by then is forgotten.
  public mutating func refuse(_ digest: [UInt8], until: Int64, now: Int64) {
    refusals.removeAll { $0.until <= now || KeyedDigest.isSame($0.digest, digest) }
    refusals.insert(Refusal(digest: digest, until: until), at: 0)
    refusals.removeLast(max(0, refusals.count - Self.limit))
  }

  /// Forgets a refusal.
  public mutating func forgive(_ digest: [UInt8]) {
    refusals.removeAll { KeyedDigest.isSame($0.digest, digest) }
  }

  /// The GUID of the login used last at a place (`KeyedDigest.Purpose.place`); `nil` if none was noted.
  public func lastUsed(at place: [UInt8]) -> String? {
    uses.first { KeyedDigest.isSame($0.place, place) }?.guid
  }

  /// Notes which login was used at a place.
  public mutating func use(_ guid: String, at place: [UInt8]) {
    uses.removeAll { KeyedDigest.isSame($0.place, place) }
    uses.insert(Use(place: place, guid: guid), at: 0)
    uses.removeLast(max(0, uses.count - Self.limit))
  }
}

extension GitMemory {
  /// Reads the document. Entries that make no sense are left out: nothing but comfort depends on them.
  init(document: SecretBytes) {
    guard let object = (try? JSONValue(parsing: document))?.object else { return }
    func digest(_ value: JSONValue?) -> [UInt8]? {
      value?.string.flatMap { Hex.decode($0) }.flatMap { $0.count == KeyedDigest.byteCount ? $0 : nil }
    }
    refusals = (object["refused"]?.array ?? []).prefix(Self.limit).compactMap { element in
      guard let entry = element.object, let digest = digest(entry["digest"]), let until = entry["until"]?.integer
      else { return nil }
      return Refusal(digest: digest, until: until)
    }
    uses = (object["used"]?.array ?? []).prefix(Self.limit).compactMap { element in
      guard let entry = element.object, let place = digest(entry["place"]), let guid = entry["login"]?.string
      else { return nil }
      return Use(place: place, guid: guid)
    }
  }

  /// The document's text.
  var document: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member(
      "refused",
      jsonArray: refusals.map { refusal in
        var writer = JSONObjectWriter()
        writer.member("digest", Hex.encode(refusal.digest))
        writer.member("until", refusal.until)
        return writer.finish()
      })
    writer.member(
      "used",
      jsonArray: uses.map { use in
        var writer = JSONObjectWriter()
        writer.member("place", Hex.encode(use.place))
        writer.member("login", use.guid)
        return writer.finish()
      })
    return writer.finish()
  }
}

extension Vault {
  /// What git's helper remembers. Where it remembers nothing, which is most often, nothing is read for it.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func gitMemory() throws -> GitMemory {
    try document(.gitMemory).map(GitMemory.init(document:)) ?? GitMemory()
  }

  /// Changes what git's helper remembers; durable when this returns.
  ///
  /// - Parameter change: is handed what is remembered; nothing is written if it leaves it as it is.
  /// - Throws: `VaultError` if the vault cannot be written; what `change` throws.
  public func changeGitMemory(_ change: (inout GitMemory) throws -> Void) throws {
    let update = try VaultUpdate(vault: self)
    let known = try update.document(.gitMemory).map(GitMemory.init(document:)) ?? GitMemory()
    var memory = known
    try change(&memory)
    guard memory != known else { return }
    try update.setDocument(.gitMemory, to: memory.isEmpty ? nil : memory.document)
    try update.commit()
  }
}
