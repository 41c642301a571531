import Glibc
import Testing

@testable import LockwiseCore

/// The bytes that hexadecimal digits spell.
func hex(_ text: String) throws -> [UInt8] { try #require(Hex.decode(text), "not hexadecimal: \(text)") }

/// Returns the bytes of hexadecimal digits as a secret.
func secret(hex text: String) throws -> SecretBytes { SecretBytes(copying: try hex(text)) }

extension SecretBytes {
  /// The bytes, for comparison in a test.
  var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
}
