/// What a new passphrase must be at least. scrypt makes each guess expensive, which does not help against a handful of
/// guesses.
public enum PassphraseRule {
  /// The least number of characters.
  public static let minimum = 8

  /// Returns why a passphrase is not accepted; `nil` if it is.
  public static func complaint(about passphrase: SecretBytes) -> String? {
    passphrase.withUnsafeBytes { bytes in
      // Each byte but a continuation byte begins a character (RFC 3629 section 3).
      let starts = bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 }
      guard !bytes.isEmpty else { return "the passphrase must not be empty" }
      guard starts.count >= minimum else {
        return "the passphrase is too short: it needs at least \(minimum) characters"
      }
      let length = starts[1] - starts[0]
      let isRepeated = bytes.count % length == 0 && bytes.indices.allSatisfy { bytes[$0] == bytes[$0 % length] }
      return isRepeated ? "the passphrase is one character repeated" : nil
    }
  }
}
