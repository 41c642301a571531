import Glibc

/// The patterns of `PasswordEstimate` that are not words.
enum PasswordPatterns {
  /// Calls `offer` with the length and the bits of each pattern that begins at a position.
  static func forEach(
    in bytes: UnsafeRawBufferPointer, at start: Int, _ offer: (_ length: Int, _ bits: Double) -> Void
  ) {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
    offerPrefixes(sequence(in: rest), 6, offer)
    offerPrefixes(keys(in: rest), 7, offer)
    if isYear(rest) { offer(4, 8) }
    repetitions(in: bytes, at: start, offer)
  }

  /// Offers a pattern and each beginning of it of at least three characters.
  private static func offerPrefixes(_ longest: Int, _ bits: Double, _ offer: (_ length: Int, _ bits: Double) -> Void) {
    guard longest >= 3 else { return }
    for length in 3...longest { offer(length, bits + log2(Double(length))) }
  }

  /// Returns the number of letters or digits at the beginning, each of which follows or precedes the one before it.
  private static func sequence(in bytes: UnsafeRawBufferPointer) -> Int {
    guard bytes.count >= 3 else { return 0 }
    let step = Int(bytes[1]) - Int(bytes[0])
    guard abs(step) == 1, isAlphanumeric(bytes[0]) else { return 0 }
    var length = 1
    while length < bytes.count, Int(bytes[length]) - Int(bytes[length - 1]) == step, isAlphanumeric(bytes[length]) {
      length += 1
    }
    return length
  }

  /// Rows of keys in the layouts QWERTY, QWERTZ and AZERTY, and the columns of the first.
  private static let rows: [[UInt8]] = [
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
    "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "!@#$%^&*()",
  ].map { Array($0.utf8) }

  /// Returns the number of neighbouring keys at the beginning.
  private static func keys(in bytes: UnsafeRawBufferPointer) -> Int {
    var longest = 0
    for row in rows {
      guard let first = bytes.first, let place = row.firstIndex(of: lowered(first)) else { continue }
      for step in [1, -1] {
        var length = 1
        while length < bytes.count, row.indices.contains(place + length * step),
          row[place + length * step] == lowered(bytes[length])
        {
          length += 1
        }
        longest = max(longest, length)
      }
    }
    return longest
  }

  private static func isYear(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 4 && (bytes.starts(with: "19".utf8) || bytes.starts(with: "20".utf8))
      && isDigit(bytes[2]) && isDigit(bytes[3])
  }

  /// Offers the repetitions of the bytes just before a position.
  private static func repetitions(
    in bytes: UnsafeRawBufferPointer, at start: Int, _ offer: (_ length: Int, _ bits: Double) -> Void
  ) {
    if start >= 2, bytes[start] == bytes[start - 1], bytes[start] == bytes[start - 2] { offer(1, 1) }
    let longest = min(start, bytes.count - start)
    guard longest >= 2 else { return }
    for length in 2...longest where bytes[start..<start + length].elementsEqual(bytes[start - length..<start]) {
      offer(length, 1 + log2(Double(length)))
    }
  }

  /// Returns a letter in lower case, and any other byte as it is.
  static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7A).contains(lowered(byte))
  }
}
