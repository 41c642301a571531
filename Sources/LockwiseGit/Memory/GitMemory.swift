import LockwiseCLI
import LockwiseCore

/// What git's helper remembers on this machine only: what a host refused, which login was used last where, and which
/// hosts let their user in without a password. Never uploaded.
public struct GitMemory: Equatable, Sendable {
  /// A login that a host refused with the password that it had then.
  public struct Refusal: Equatable, Sendable {
    /// Identifies the origin that refused, the login and its password (`KeyedDigest.Purpose.refusal`).
    public let digest: [UInt8]
    /// The login's GUID.
    public let guid: String
    /// The origin that refused it, serialized.
    public let origin: String
    /// When it was refused, seconds since 1970. In the future, by a clock that was wrong, it does not apply.
    public let since: Int64
    /// Until when it is not offered there, seconds since 1970.
    public let until: Int64

    /// Makes a refusal.
    public init(digest: [UInt8], guid: String, origin: String, since: Int64, until: Int64) {
      self.digest = digest
      self.guid = guid
      self.origin = origin
      self.since = since
      self.until = until
    }

    /// Whether it applies.
    ///
    /// - Parameter now: seconds since 1970.
    public func applies(_ now: Int64) -> Bool { since <= now && now < until }
  }

  /// The login used last at a place.
  private struct Use: Equatable, Sendable {
    let place: [UInt8]
    let guid: String
  }

  /// The most refusals, and the most places, that are kept: 64 refusals cost a look-up 0.2 ms.
  static let limit = 64

  /// The newest first.
  public private(set) var refusals: [Refusal] = []
  /// The newest first.
  private var uses: [Use] = []
  /// The newest first.
  private var signOns: [[UInt8]] = []

  /// Remembers nothing.
  public init() {}

  /// Whether nothing is remembered.
  public var isEmpty: Bool { refusals.isEmpty && uses.isEmpty && signOns.isEmpty }

  /// Whether a login was refused.
  ///
  /// - Parameters:
  ///   - digest: of origin, login and password (`KeyedDigest.Purpose.refusal`).
  ///   - now: seconds since 1970.
  public func isRefused(_ digest: [UInt8], now: Int64) -> Bool {
    refusals.contains { $0.applies(now) && KeyedDigest.isSame($0.digest, digest) }
  }

  /// Remembers a refusal in place of what was known of it, and forgets those that no longer apply.
  public mutating func recordRefusal(_ refusal: Refusal) {
    refusals.removeAll { !$0.applies(refusal.since) || KeyedDigest.isSame($0.digest, refusal.digest) }
    refusals.insert(refusal, at: 0)
    refusals.removeLast(max(0, refusals.count - Self.limit))
  }

  /// Forgets a refusal.
  public mutating func removeRefusal(_ digest: [UInt8]) {
    refusals.removeAll { KeyedDigest.isSame($0.digest, digest) }
  }

  /// The GUID of the login used last at a place (`KeyedDigest.Purpose.place`); `nil` if none is known.
  public func lastUsed(at place: [UInt8]) -> String? {
    uses.first { KeyedDigest.isSame($0.place, place) }?.guid
  }

  /// Remembers which login was used at a place.
  public mutating func recordUse(_ guid: String, at place: [UInt8]) {
    uses.removeAll { KeyedDigest.isSame($0.place, place) }
    uses.insert(Use(place: place, guid: guid), at: 0)
    uses.removeLast(max(0, uses.count - Self.limit))
  }

  /// Whether an empty user name and an empty password work at a place.
  public func isSingleSignOn(at place: [UInt8]) -> Bool { signOns.contains { KeyedDigest.isSame($0, place) } }

  /// Remembers whether an empty user name and an empty password work at a place.
  public mutating func setSingleSignOn(_ works: Bool, at place: [UInt8]) {
    signOns.removeAll { KeyedDigest.isSame($0, place) }
    if works { signOns.insert(place, at: 0) }
    signOns.removeLast(max(0, signOns.count - Self.limit))
  }
}

extension GitMemory {
  /// Reads the document. Entries that make no sense are left out: nothing but comfort depends on them.
  init(document: SecretBytes) {
    guard let object = (try? JSONValue(parsing: document))?.object else { return }
    func digest(_ value: JSONValue?) -> [UInt8]? {
      value?.string.flatMap { Hex.decode($0) }.flatMap { $0.count == KeyedDigest.byteCount ? $0 : nil }
    }
    func entries(_ name: String) -> ArraySlice<JSONValue> { (object[name]?.array ?? []).prefix(Self.limit) }
    refusals = entries("refused").compactMap { element in
      guard let entry = element.object, let digest = digest(entry["digest"]), let guid = entry["login"]?.string,
        let origin = entry["origin"]?.string, let since = entry["since"]?.integer, let until = entry["until"]?.integer
      else { return nil }
      return Refusal(digest: digest, guid: guid, origin: origin, since: since, until: until)
    }
    uses = entries("used").compactMap { element in
      guard let entry = element.object, let place = digest(entry["place"]), let guid = entry["login"]?.string
      else { return nil }
      return Use(place: place, guid: guid)
    }
    signOns = entries("signOn").compactMap { digest($0) }
  }

  /// The document's text.
  var document: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member(
      "refused",
      jsonArray: refusals.map { refusal in
        var writer = JSONObjectWriter()
        writer.member("digest", Hex.encode(refusal.digest))
        writer.member("login", refusal.guid)
        writer.member("origin", refusal.origin)
        writer.member("since", refusal.since)
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
    writer.member("signOn", jsonArray: signOns.map { JSONText.string(SecretBytes(utf8: Hex.encode($0))) })
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
    try changeDocument(.gitMemory) { text in
      var memory = text.map(GitMemory.init(document:)) ?? GitMemory()
      try change(&memory)
      return memory.isEmpty ? nil : memory.document
    }
  }
}

extension DocumentName {
  /// The local memory of git's helper: `GitMemory`.
  public static let gitMemory = DocumentName("git-memory")
}

extension KeyedDigest.Purpose {
  /// A response of git's helper.
  static let answer = KeyedDigest.Purpose(16)
  /// A password that a host refused.
  static let refusal = KeyedDigest.Purpose(17)
  /// A host and a path where a login was used.
  static let place = KeyedDigest.Purpose(18)
}
