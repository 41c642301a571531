/// The content of a session's key: the vault's keys, the time of unlocking and the limits at that time.
///
/// Because the limits are included, a program with other settings can shorten the time but not extend it.
struct SessionRecord {
  /// The time of unlocking since the machine started, including suspend (`CLOCK_BOOTTIME`). Like the kernel
  /// keyring, this clock starts with the machine, and it cannot be set back.
  let start: Seconds
  /// The limits of the program that unlocked the vault.
  let limits: SessionLimits
  /// The keys as `VaultKeys.session` returns them.
  let keys: SecretBytes

  private static let headerByteCount = 16
  /// The length of an encoded record in bytes.
  static let byteCount = headerByteCount + VaultKeys.sessionByteCount

  init(start: Seconds, limits: SessionLimits, keys: SecretBytes) {
    self.start = start
    self.limits = limits
    self.keys = keys
  }

  /// Decodes a record; `nil` if its length is wrong.
  init?(encoded bytes: SecretBytes) {
    guard bytes.count == Self.byteCount else { return nil }
    (start, limits) = bytes.withUnsafeBytes { buffer in
      func limit(at offset: Int) -> Seconds {
        Seconds(Int64(UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self))))
      }
      let start = Int64(littleEndian: buffer.loadUnaligned(as: Int64.self))
      return (Seconds(start), SessionLimits(idle: limit(at: 8), longest: limit(at: 12)))
    }
    keys = bytes[Self.headerByteCount..<Self.byteCount]
  }

  /// The encoded record: 8 bytes of start, 4 of idle time and 4 of longest time, all little-endian, then the keys.
  var encoded: SecretBytes {
    var builder = SecretBuilder(capacity: Self.byteCount)
    withUnsafeBytes(of: start.rawValue.littleEndian) { builder.append($0) }
    withUnsafeBytes(of: UInt32(clamping: limits.idle.rawValue).littleEndian) { builder.append($0) }
    withUnsafeBytes(of: UInt32(clamping: limits.longest.rawValue).littleEndian) { builder.append($0) }
    builder.append(keys)
    return builder.finish()
  }

  /// Returns whether the longest time is over, or the start is in the future and so invalid.
  func isOver(now: Seconds, limits own: SessionLimits) -> Bool { timeLeft(now: now, limits: own) == 0 }

  /// Returns the time until the longest time is over, by the stricter of the record's and the caller's limits.
  func timeLeft(now: Seconds, limits own: SessionLimits) -> Seconds {
    guard now >= start else { return 0 }
    return max(0, min(limits.longest, own.longest) - (now - start))
  }

  /// Returns the time until the keys expire without further use.
  func timeout(now: Seconds, limits own: SessionLimits) -> Seconds {
    min(limits.idle, own.idle, timeLeft(now: now, limits: own))
  }
}
