import Foundation

/// The key bundle and key id of the scope `https://identity.mozilla.com/apps/oldsync`.
struct SyncKey {
  static let scope = "https://identity.mozilla.com/apps/oldsync"

  let bundle: RecordCipher
  /// The first 16 bytes of SHA-256(kB).
  let clientState: [UInt8]

  /// Derives the keys from kB.
  init(kB: [UInt8]) {
    let key = Derive.hkdf(kB, info: Derive.namespace + "oldsync", count: 64)
    bundle = RecordCipher(encryptionKey: Array(key[..<32]), hmacKey: Array(key[32...]))
    clientState = Array(Derive.sha256(kB)[..<16])
  }

  /// Returns the `kid` of the scoped key, sent as `X-KeyID`: the time of the last key change in ms, and the client state.
  func keyID(changedAt milliseconds: Int) -> String { "\(milliseconds)-\(Base64.url(clientState))" }
}
