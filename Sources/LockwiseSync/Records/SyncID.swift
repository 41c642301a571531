import LockwiseCore

/// Ids in Firefox's form for generations and for records other than logins: 12 characters of base64url (RFC 4648
/// section 5).
public enum SyncID {
  /// Creates an id.
  ///
  /// - Throws: `CryptoError.unavailable` if there are no random bytes.
  public static func make(_ random: any RandomSource) throws -> String {
    Base64.urlSafe.encode(try random.bytes(9))
  }
}
