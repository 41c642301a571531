/// The words of `PasswordEstimate`.
enum PasswordDictionary {
  /// A word in lower case and its bits.
  private struct Word {
    let letters: UnsafeBufferPointer<UInt8>
    let bits: Double
  }

  /// All words by their first byte.
  nonisolated(unsafe) private static let words: [[Word]] = {
    var words = [[Word]](repeating: [], count: 0x80)
    for letters in CommonPasswords.all { words[Int(letters[0])].append(Word(letters: letters, bits: 9)) }
    for letters in PasswordWords.all { words[Int(letters[0])].append(Word(letters: letters, bits: 11)) }
    return words
  }()

  /// Calls `offer` with the length and the bits of each word that begins at a position.
  ///
  /// - Parameters:
  ///   - known: further words in lower case, of 1 bit each.
  static func forEachWord(
    in bytes: UnsafeRawBufferPointer, at start: Int, knowing known: [[UInt8]],
    _ offer: (_ length: Int, _ bits: Double) -> Void
  ) {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
    for first in letters(for: rest[0]) where first < 0x80 {
      for word in words[Int(first)] {
        if let more = spelling(of: word.letters, in: rest) { offer(word.letters.count, word.bits + more) }
      }
    }
    for word in known {
      word.withUnsafeBufferPointer { letters in
        if let more = spelling(of: letters, in: rest) { offer(letters.count, 1 + more) }
      }
    }
  }

  /// Returns the bits that the spelling of a word adds; `nil` if the bytes do not begin with the word.
  private static func spelling(of word: UnsafeBufferPointer<UInt8>, in bytes: UnsafeRawBufferPointer) -> Double? {
    guard word.count <= bytes.count else { return nil }
    var capitals = 0
    var isReplaced = false
    for position in word.indices {
      let byte = bytes[position]
      if byte == word[position] { continue }
      if PasswordPatterns.lowered(byte) == word[position] {
        capitals += 1
      } else {
        guard letters(for: byte).contains(word[position]) else { return nil }
        isReplaced = true
      }
    }
    let isUsual = capitals == word.count || (capitals == 1 && (0x41...0x5A).contains(bytes[0]))
    return Double(capitals == 0 ? 0 : isUsual ? 1 : word.count) + (isReplaced ? 1 : 0)
  }

  /// Returns the letters that a byte can stand for, in lower case.
  private static func letters(for byte: UInt8) -> [UInt8] {
    let replaced: StaticString? =
      switch byte {
      case UInt8(ascii: "0"): "o"
      case UInt8(ascii: "1"), UInt8(ascii: "!"): "il"
      case UInt8(ascii: "3"): "e"
      case UInt8(ascii: "4"), UInt8(ascii: "@"): "a"
      case UInt8(ascii: "5"), UInt8(ascii: "$"): "s"
      case UInt8(ascii: "7"): "t"
      default: nil
      }
    guard let replaced else { return [PasswordPatterns.lowered(byte)] }
    return [byte] + UnsafeBufferPointer(start: replaced.utf8Start, count: replaced.utf8CodeUnitCount)
  }
}
