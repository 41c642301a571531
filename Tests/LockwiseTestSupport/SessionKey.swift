import CLinux
import Foundation
import Testing

/// The key of a vault's session in the kernel keyring, read from /proc/keys without the code under test.
public struct SessionKey {
  /// Whether this system has a kernel keyring. Some containers do not.
  public static let isAvailable = lockwise_add_key("user", "lockwise-test", "x", 1, KEY_SPEC_PROCESS_KEYRING) >= 0

  /// The permission mask, as eight hexadecimal digits.
  public let permissions: String
  /// The time until the key expires as the kernel shows it, rounded down: `59s`, `9m`, `2h`, or `perm` for never.
  public let timeout: String

  /// The timeout in seconds; nil if the key does not expire.
  public var seconds: Int? {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = timeout.last.flatMap({ units[$0] }), let count = Int(timeout.dropLast()) else { return nil }
    return count * unit
  }

  /// Returns the key of a vault; nil if it does not exist or has expired.
  ///
  /// - Parameter isVault: returns whether a vault id, 32 hexadecimal digits, is the vault's.
  public static func find(where isVault: (String) throws -> Bool) throws -> SessionKey? {
    for line in try String(contentsOfFile: "/proc/keys", encoding: .utf8).split(separator: "\n") {
      // Serial number, flags, usage count, timeout, permissions, owner, group, type, description.
      let fields: [Substring] = line.split(separator: " ")
      guard fields.count > 8, fields[7] == "user", fields[8].hasPrefix("lockwise:") else { continue }
      // `i` marks an invalidated key that is not removed yet.
      guard fields[3] != "expd", !fields[1].contains("i") else { continue }
      let id = String(fields[8].dropFirst(9).prefix { $0 != ":" })
      if id.count == 32, try isVault(id) {
        return SessionKey(permissions: String(fields[4]), timeout: String(fields[3]))
      }
    }
    return nil
  }

  /// Returns the key of the vault in a file, which has its id in clear.
  public static func find(_ vaultFile: String) throws -> SessionKey? {
    let content = try Data(contentsOf: URL(fileURLWithPath: vaultFile))
    return try find { content.range(of: Data($0.utf8)) != nil }
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test, with the reason, on a system without a kernel keyring.
  public static var needsKeyring: Self { .enabled(if: SessionKey.isAvailable, "this system has no kernel keyring") }
}
