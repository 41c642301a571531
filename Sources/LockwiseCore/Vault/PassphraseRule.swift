/// The requirements for new passphrases. scrypt makes each guess expensive, but it does not protect a passphrase that
/// needs few guesses.
public enum PassphraseRule {
  /// The minimum number of characters.
  static let minimum = 8

  /// Returns the reason why a passphrase is refused; `nil` if it is accepted.
  public static func complaint(about passphrase: SecretBytes) -> String? {
    passphrase.withUnsafeBytes { bytes in
      // Each byte that is not a continuation byte begins a character (RFC 3629 section 3).
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
