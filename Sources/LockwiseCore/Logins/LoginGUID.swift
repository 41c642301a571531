/// Ids for new logins, as Firefox desktop makes them: a random UUID in braces (RFC 9562 section 5.4).
public enum LoginGUID {
  /// Makes an id.
  ///
  /// - Throws: `CryptoError.unavailable` if there are no random bytes.
  public static func make(_ random: some RandomSource) throws -> String {
    var bytes = try random.bytes(16)
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(Hex.encode(bytes))
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return "{" + groups.joined(separator: "-") + "}"
  }
}
