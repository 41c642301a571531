import Glibc

/// An estimate of how many guesses a password withstands, as a logarithm to base 2.
///
/// The password is divided into parts so that the sum of their bits is as small as possible. A part is one of:
///
/// | part | bits |
/// |---|---|
/// | one character | logarithm of the number of characters in the classes that the password uses: 26 lower-case letters, 26 upper-case letters, 10 digits, 33 symbols, 100 others |
/// | a symbol that occurs earlier as well, such as a separator | 1 |
/// | a word of `words` (user name, host) | 1 |
/// | a word of `CommonPasswords` | 9 |
/// | a word of `PasswordWords` | 11 |
/// | a word with a capital at its beginning, or only capitals | 1 more |
/// | a word with other capitals | 1 more for each letter |
/// | a word with digits or symbols for letters (`p4ssw0rd`) | 1 more |
/// | three or more neighbours in a row of keys, in either direction | 7 and the logarithm of their number |
/// | three or more consecutive letters or digits, in either direction | 6 and the logarithm of their number |
/// | a year from 1900 to 2099 | 8 |
/// | a third equal character, or a repetition of the two or more characters before it | 1 and the logarithm of their number |
///
/// A random password is therefore estimated at its true strength, unless chance makes a pattern.
public enum PasswordEstimate {
  /// Passwords with fewer bits are weak: an attacker who has a site's hashes tries 2^50 passwords within days.
  public static let weakBits = 50.0

  /// The number of bytes that are examined; more cannot make a password weak.
  private static let longest = 128

  /// Returns the estimate in bits.
  ///
  /// - Parameters:
  ///   - password: the password.
  ///   - words: texts that an attacker tries first, such as the user name; those under three bytes are ignored.
  public static func bits(_ password: SecretBytes, knowing words: [String] = []) -> Double {
    let known = words.map { Array($0.lowercased().utf8) }.filter { $0.count >= 3 }
    return password[0..<min(password.count, longest)].withUnsafeBytes { bytes in
      let alphabet = log2(Double(max(1, size(ofAlphabet: bytes))))
      var best = [Double](repeating: .infinity, count: bytes.count + 1)
      best[0] = 0
      for start in bytes.indices {
        func offer(_ length: Int, _ bits: Double) {
          best[start + length] = min(best[start + length], best[start] + bits)
        }
        offer(1, characterBits(bytes, start, alphabet))
        PasswordPatterns.forEach(in: bytes, at: start, offer)
        PasswordDictionary.forEachWord(in: bytes, at: start, knowing: known, offer)
      }
      return best[bytes.count]
    }
  }

  private static func characterBits(_ bytes: UnsafeRawBufferPointer, _ position: Int, _ alphabet: Double) -> Double {
    let byte = bytes[position]
    // A continuation byte of UTF-8 belongs to the character before it.
    if byte & 0xC0 == 0x80 { return 0 }
    return CharacterClass(byte) == .symbol && bytes[..<position].contains(byte) ? 1 : alphabet
  }

  private static func size(ofAlphabet bytes: UnsafeRawBufferPointer) -> Int {
    Set(bytes.map(CharacterClass.init)).reduce(0) { $0 + $1.size }
  }

  private enum CharacterClass {
    case digit, letter, capital, symbol, other

    init(_ byte: UInt8) {
      switch byte {
      case 0x30...0x39: self = .digit
      case 0x61...0x7A: self = .letter
      case 0x41...0x5A: self = .capital
      case 0x80...: self = .other
      default: self = .symbol
      }
    }

    /// The number of characters in the class.
    var size: Int {
      switch self {
      case .digit: 10
      case .letter, .capital: 26
      case .symbol: 33
      case .other: 100
      }
    }
  }
}
