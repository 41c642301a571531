/// The content of a session's key: the vault's keys, when they were unlocked, and the limits of that moment.
///
/// The limits are part of the key. A program with other settings can shorten the time of the keys but not prolong it.
struct SessionRecord {
  /// When the keys were unlocked: seconds since the machine started, time in suspend included (`CLOCK_BOOTTIME`). The
  /// kernel keyring does not outlive the machine's run, and this clock cannot be set back.
  let start: Int64
  /// The limits of the program that unlocked the vault.
  let limits: SessionLimits
  /// The keys as `VaultKeys.session` returns them.
  let keys: SecretBytes

  private static let headerByteCount = 16
  /// The length of an encoded record in bytes.
  static let byteCount = headerByteCount + VaultKeys.sessionByteCount

  init(start: Int64, limits: SessionLimits, keys: SecretBytes) {
    self.start = start
    self.limits = limits
    self.keys = keys
  }

  /// Reads an encoded record; `nil` if its length is wrong.
  init?(encoded bytes: SecretBytes) {
    guard bytes.count == Self.byteCount else { return nil }
    (start, limits) = bytes.withUnsafeBytes { buffer in
      (
        Int64(littleEndian: buffer.loadUnaligned(as: Int64.self)),
        SessionLimits(
          idle: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 8, as: UInt32.self)),
          longest: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 12, as: UInt32.self)))
      )
    }
    keys = bytes[Self.headerByteCount..<Self.byteCount]
  }

  /// 8 bytes of start, 4 of idle time, 4 of longest time, all little-endian, then the keys.
  var encoded: SecretBytes {
    var builder = SecretBuilder(capacity: Self.byteCount)
    withUnsafeBytes(of: start.littleEndian) { builder.append($0) }
    withUnsafeBytes(of: limits.idle.littleEndian) { builder.append($0) }
    withUnsafeBytes(of: limits.longest.littleEndian) { builder.append($0) }
    builder.append(keys)
    return builder.finish()
  }

  /// Whether the longest time is over. A start in the future is not believed: the time is over.
  func isOver(now: Int64, limits own: SessionLimits) -> Bool { secondsLeft(now: now, limits: own) == 0 }

  /// How long the keys may stay at most, seconds, by the stricter of the record's limits and the caller's own.
  func secondsLeft(now: Int64, limits own: SessionLimits) -> UInt32 {
    guard now >= start else { return 0 }
    let longest = Int64(min(limits.longest, own.longest))
    return UInt32(clamping: longest - (now - start))
  }

  /// How long the keys stay if they are not used again, seconds.
  func timeout(now: Int64, limits own: SessionLimits) -> UInt32 {
    min(limits.idle, own.idle, secondsLeft(now: now, limits: own))
  }
}
