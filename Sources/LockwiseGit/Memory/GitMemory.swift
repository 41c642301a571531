import LockwiseCLI
import LockwiseCore

/// What git's helper remembers on this machine only: what a host refused, which login was used last where, and which
/// hosts let their user in without a password. The other helpers share the refusals. Never uploaded.
public struct GitMemory: Equatable, Sendable {
  /// A login that a host rejected with its password at that time.
  public struct Refusal: Equatable, Sendable {
    /// The digest of the origin, the login and its password (`KeyedDigest.Purpose.refusal`).
    public let digest: [UInt8]
    /// The login's GUID.
    public let guid: String
    /// The origin that rejected it, serialized.
    public let origin: String
    /// The time of the rejection. A refusal from the future was recorded with a wrong clock and
    /// does not apply.
    public let since: Seconds
    /// The end of the refusal.
    public let until: Seconds

    /// Makes a refusal.
    public init(digest: [UInt8], guid: String, origin: String, since: Seconds, until: Seconds) {
      self.digest = digest
      self.guid = guid
      self.origin = origin
      self.since = since
      self.until = until
    }

    /// Returns whether it applies.
    ///
    /// - Parameter now: the current time.
    public func applies(_ now: Seconds) -> Bool { since <= now && now < until }
  }

  /// The login last used at a place.
  fileprivate struct Use: Equatable, Sendable {
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
  ///   - now: the current time.
  public func isRefused(_ digest: [UInt8], now: Seconds) -> Bool {
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

/// The document. Invalid entries are ignored, because the memory is only for convenience.
extension GitMemory: StoredDocument {
  package init(_ codec: inout DocumentCodec, _ stored: GitMemory?) throws {
    refusals = codec.list("refused", stored?.refusals, limit: Self.limit)
    uses = codec.list("used", stored?.uses, limit: Self.limit)
    signOns = codec.list("signOn", stored?.signOns.map { HexBytes($0) }, limit: Self.limit).map(\.bytes).filter {
      $0.count == KeyedDigest.byteCount
    }
  }
}

extension GitMemory.Refusal: StoredDocument {
  package init(_ codec: inout DocumentCodec, _ stored: Self?) throws {
    digest = try codec.digest("digest", stored?.digest)
    guid = try codec.required("login", stored?.guid)
    origin = try codec.required("origin", stored?.origin)
    since = try codec.required("since", stored?.since)
    until = try codec.required("until", stored?.until)
  }
}

extension GitMemory.Use: StoredDocument {
  init(_ codec: inout DocumentCodec, _ stored: Self?) throws {
    place = try codec.digest("place", stored?.place)
    guid = try codec.required("login", stored?.guid)
  }
}

extension DocumentCodec {
  /// A digest (`KeyedDigest`).
  fileprivate mutating func digest(_ name: String, _ value: [UInt8]?) throws -> [UInt8] {
    let digest = try required(name, value.map { HexBytes($0) }).bytes
    guard digest.count == KeyedDigest.byteCount else { throw Malformed() }
    return digest
  }
}

extension Vault {
  /// Returns the memory. Usually it is empty, and nothing is read.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func gitMemory() throws -> GitMemory {
    try document(.gitMemory).flatMap { GitMemory(text: $0) } ?? GitMemory()
  }

  /// Changes the memory. The change is durable when the call returns.
  ///
  /// - Parameter change: changes the memory. Nothing is written if it stays the same.
  /// - Throws: `VaultError` if the vault cannot be written; any error of `change`.
  public func changeGitMemory(_ change: (inout GitMemory) throws -> Void) throws {
    try changeDocument(.gitMemory) { try GitMemory.changing($0, change) }
  }
}

extension LoginEditor {
  /// Changes the memory, in the transaction if there is one.
  ///
  /// - Throws: `VaultError` if the vault cannot be written; any error of `change`.
  public func changeGitMemory(_ change: (inout GitMemory) throws -> Void) throws {
    try changeDocument(.gitMemory) { try GitMemory.changing($0, change) }
  }
}

extension GitMemory {
  /// Returns the changed text of the document; `nil` for none.
  fileprivate static func changing(
    _ text: SecretBytes?, _ change: (inout GitMemory) throws -> Void
  ) rethrows -> SecretBytes? {
    var memory = text.flatMap { GitMemory(text: $0) } ?? GitMemory()
    try change(&memory)
    return memory.isEmpty ? nil : memory.text
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
