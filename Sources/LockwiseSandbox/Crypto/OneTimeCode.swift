import Crypto
import Foundation

/// The codes of an authenticator app (RFC 6238 with SHA-1, 30 s and 6 digits, as Mozilla accounts use it).
enum OneTimeCode {
  /// Returns the code at a time.
  static func code(secret: [UInt8], unixTime: Int, digits: Int = 6) -> String {
    let counter = UInt64(unixTime / 30)
    let message = (0..<8).map { UInt8(truncatingIfNeeded: counter >> (56 - 8 * $0)) }
    let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
    let offset = Int(mac[19] & 15)
    let value = mac[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7fff_ffff
    var modulus = 1
    for _ in 0..<digits { modulus *= 10 }
    let text = String(value % modulus)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// Returns whether a code is that of this half minute, the one before or the one after.
  static func accepts(_ code: String, secret: [UInt8], unixTime: Int) -> Bool {
    [0, -30, 30].contains { self.code(secret: secret, unixTime: unixTime + $0) == code }
  }
}
