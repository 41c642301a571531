import LockwiseCore

/// The Hawk credentials and the endpoint of the storage server (TokenServer API).
public struct StorageCredentials: Sendable {
  /// The Hawk id, opaque printable ASCII; may be some hundred bytes long.
  public let id: SecretBytes
  /// The Hawk key: the ASCII bytes that the server sent, which only look like base64.
  public let key: SecretBytes
  /// The storage user id, which is not the account's id.
  let uid: Int64
  /// The prefix of every storage URL, without a trailing slash.
  public let endpoint: String
  /// The time when they expire by this machine's clock.
  let expires: Milliseconds
  /// The end of their use: after 80 % of their lifetime, as in Firefox.
  let usableUntil: Milliseconds
  /// The server's time minus this machine's to the second.
  public private(set) var clockOffset: Milliseconds

  /// Creates credentials from their parts.
  public init(
    id: SecretBytes, key: SecretBytes, uid: Int64, endpoint: String, expires: Milliseconds, usableUntil: Milliseconds,
    clockOffset: Milliseconds
  ) {
    self.id = id
    self.key = key
    self.uid = uid
    self.endpoint = endpoint
    self.expires = expires
    self.usableUntil = usableUntil
    self.clockOffset = clockOffset
  }

  /// Reads the body of the token server's response.
  ///
  /// - Parameters:
  ///   - object: the body.
  ///   - now: this machine's time.
  ///   - clockOffset: the server's time minus this machine's.
  /// - Throws: `TokenServerError.missingField`, `HTTPError.refusedURL` for the endpoint.
  init(_ object: JSONObject, now: Milliseconds, clockOffset: Milliseconds) throws {
    func token(_ name: String) throws(TokenServerError) -> SecretBytes {
      // It is quoted in a header field.
      guard let value = object[name]?.secret, !value.isEmpty,
        value.withUnsafeBytes({ $0.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C } })
      else { throw .missingField(name) }
      return value
    }
    guard object["hashalg"].map({ $0.string == "sha256" }) ?? true else {
      throw TokenServerError.missingField("hashalg")
    }
    guard let uid = object["uid"]?.wholeNumber, uid >= 0 else { throw TokenServerError.missingField("uid") }
    guard let duration = object["duration"]?.wholeNumber, duration > 0 else {
      throw TokenServerError.missingField("duration")
    }
    guard var endpoint = object["api_endpoint"]?.string else {
      throw TokenServerError.missingField("api_endpoint")
    }
    while endpoint.last == "/" { endpoint.removeLast() }
    guard !(try WebAddress(endpoint)).target.contains("?") else {
      throw HTTPError.refusedURL("it has a query")
    }
    let lifetime = Seconds(min(duration, 366 * 86_400))
    self.init(
      id: try token("id"), key: try token("key"), uid: uid, endpoint: endpoint,
      expires: now + Milliseconds(lifetime), usableUntil: now + Milliseconds(lifetime.rawValue * 800),
      clockOffset: clockOffset)
  }

  /// Returns the credentials with another clock offset.
  ///
  /// - Parameter offset: the server's time minus this machine's.
  public func withClockOffset(_ offset: Milliseconds) -> StorageCredentials {
    var copy = self
    copy.clockOffset = offset
    return copy
  }

  /// Returns whether they can be used at `now`. Credentials obtained while the clock was ahead
  /// cannot.
  public func isFresh(at now: Milliseconds) -> Bool {
    // They are used for four fifths of their lifetime.
    let lifetime = max(0, min(expires - usableUntil, Self.longestLifetime)) * 5
    return now < usableUntil && expires - lifetime <= now + Self.tolerance
  }

  private static let longestLifetime = Milliseconds(366 * 86_400_000)
  private static let tolerance: Milliseconds = 60_000
}

/// The vault's document `storage-token`.
extension StorageCredentials: AccountDocument {
  package static let documentName = DocumentName.storageToken

  package init(_ codec: inout DocumentCodec, _ stored: StorageCredentials?) throws {
    try codec.version()
    id = try codec.filled("id", stored?.id)
    key = try codec.filled("key", stored?.key)
    uid = try codec.required("uid", stored?.uid)
    endpoint = try codec.filled("endpoint", stored?.endpoint)
    expires = try codec.required("expires", stored?.expires)
    usableUntil = try codec.required("usableUntil", stored?.usableUntil)
    clockOffset = try codec.required("clockOffset", stored?.clockOffset)
    if stored == nil { _ = try WebAddress(endpoint) }
  }
}
