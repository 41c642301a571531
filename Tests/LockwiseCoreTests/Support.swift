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

/// Whether nobody gets what is forbidden in a mode but this user's private group, which may write (`PrivateGroup`).
///
/// Root has no private group; on many systems every other user has one.
func isOpenToPrivateGroupAlone(_ mode: Int, _ forbidden: Int = 0o022) -> Bool {
  mode & forbidden == 0o020 && PrivateGroup.isPrivate(getegid())
}
