import LockwiseCLI
import LockwiseCore

/// What git's helper remembers on this machine only: what a host refused, which login was used last where, and which
/// hosts let their user in without a password. Never uploaded.
public struct GitMemory: Equatable, Sendable {
  /// A login that a host rejected with its password at that time.
  public struct Refusal: Equatable, Sendable {
    /// The digest of the origin, the login and its password (`KeyedDigest.Purpose.refusal`).
    public let digest: [UInt8]
    /// The login's GUID.
    public let guid: String
    /// The origin that rejected it, serialized.
    public let origin: String
    /// The time of the rejection, seconds since 1970. A refusal from the future was recorded with a wrong clock and
    /// does not apply.
    public let since: Int64
    /// The end of the refusal, seconds since 1970.
    public let until: Int64

    /// Makes a refusal.
    public init(digest: [UInt8], guid: String, origin: String, since: Int64, until: Int64) {
      self.digest = digest
      self.guid = guid
      self.origin = origin
      self.since = since
      self.until = until
    }

    /// Returns whether it applies.
    ///
    /// - Parameter now: the current time, seconds since 1970.
    public func applies(_ now: Int64) -> Bool { since <= now && now < until }
  }

  /// The login last used at a place.
  private struct Use: Equatable, Sendable {
    let place: [UInt8]
    let guid: String
  }

  /// The maximum number of refusals and of places. 64 refusals add 0.2 ms to a look-up.
  static let limit = 64

  /// The refusals, newest first.
  public private(set) var refusals: [Refusal] = []
  /// The last uses, newest first.
  private var uses: [Use] = []
  /// The places with single sign-on, newest first.
  private var signOns: [[UInt8]] = []

  /// Makes an empty memory.
  public init() {}

  /// Whether the memory is empty.
  public var isEmpty: Bool { refusals.isEmpty && uses.isEmpty && signOns.isEmpty }

  /// Returns whether a login is refused.
  ///
  /// - Parameters:
  ///   - digest: the digest of origin, login and password (`KeyedDigest.Purpose.refusal`).
  ///   - now: the current time, seconds since 1970.
  public func isRefused(_ digest: [UInt8], now: Int64) -> Bool {
    refusals.contains { $0.applies(now) && KeyedDigest.isSame($0.digest, digest) }
  }

  /// Records a refusal, replaces an earlier one of the same digest and removes those that no longer apply.
  public mutating func recordRefusal(_ refusal: Refusal) {
    refusals.removeAll { !$0.applies(refusal.since) || KeyedDigest.isSame($0.digest, refusal.digest) }
    refusals.insert(refusal, at: 0)
    refusals.removeLast(max(0, refusals.count - Self.limit))
  }

  /// Removes a refusal.
  public mutating func removeRefusal(_ digest: [UInt8]) {
    refusals.removeAll { KeyedDigest.isSame($0.digest, digest) }
  }

  /// Returns the GUID of the login last used at a place (`KeyedDigest.Purpose.place`); `nil` if none is known.
  public func lastUsed(at place: [UInt8]) -> String? {
    uses.first { KeyedDigest.isSame($0.place, place) }?.guid
  }

  /// Records the login used at a place.
  public mutating func recordUse(_ guid: String, at place: [UInt8]) {
    uses.removeAll { KeyedDigest.isSame($0.place, place) }
    uses.insert(Use(place: place, guid: guid), at: 0)
    uses.removeLast(max(0, uses.count - Self.limit))
  }

  /// Returns whether single sign-on is known to work at a place.
  public func isSingleSignOn(at place: [UInt8]) -> Bool { signOns.contains { KeyedDigest.isSame($0, place) } }

  /// Records whether single sign-on works at a place.
  public mutating func setSingleSignOn(_ works: Bool, at place: [UInt8]) {
    signOns.removeAll { KeyedDigest.isSame($0, place) }
    if works { signOns.insert(place, at: 0) }
    signOns.removeLast(max(0, signOns.count - Self.limit))
  }
}

extension GitMemory {
  /// Parses the document. Invalid entries are ignored, because the memory is only for convenience.
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

  /// The memory as JSON.
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
  /// Returns the memory. Usually it is empty, and nothing is read.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func gitMemory() throws -> GitMemory {
    try document(.gitMemory).map(GitMemory.init(document:)) ?? GitMemory()
  }

  /// Changes the memory. The change is durable when the call returns.
  ///
  /// - Parameter change: changes the memory. Nothing is written if it stays the same.
  /// - Throws: `VaultError` if the vault cannot be written; any error of `change`.
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
