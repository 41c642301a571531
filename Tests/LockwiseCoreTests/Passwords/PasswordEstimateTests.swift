import LockwiseTestSupport
import Testing

@testable import LockwiseCore

@Suite struct PasswordEstimateTests {
  private func bits(_ password: String, _ known: String...) -> Double {
    PasswordEstimate.bits(SecretBytes(utf8: password), knowing: known)
  }

  /// Passwords that guessing programs find within minutes.
  @Test(arguments: [
    "", "a", "password", "Password", "PASSWORD1", "p4ssw0rd", "P@ssw0rd!", "qwertyuiop", "QWERTZ123",
    "1qaz2wsx3edc4rfv",
    "asdfghjkl;", "abcdefghijklmnop", "zyxwvutsrq", "12345678901234567890", "aaaaaaaaaaaaaaaaaaaaaaaa",
    "abcabcabcabcabc",
    "Summer2024!", "letmein1987", "monkey123456", "iloveyou2", "20232024", "!@#$%^&*()", "correcthorse", "Michael1985",
    "hunter2hunter2hunter2", "xkqvxkqvxkqvxkqv", "0000000000000000000000",
  ])
  func weak(password: String) { #expect(bits(password) < PasswordEstimate.weakBits, "\(bits(password)) bits") }

  @Test(arguments: [
    "fB7#kq9!Lz2$", "vmqkzptwrxnbhs", "correct-horse-battery-staple-orbit", "Tr0ub4dor&3-Xk92-mmQ", "пароль-из-букв",
  ])
  func strong(password: String) { #expect(bits(password) >= PasswordEstimate.weakBits, "\(bits(password)) bits") }

  @Test func knownWordsAreGuessedFirst() {
    #expect(bits("Zbigniew") > 35)
    #expect(bits("Zbigniew", "zbigniew") < 3)
    #expect(bits("zbigniew99", "Zbigniew", "ab") < 16)
  }

  /// Random passwords have the strength of their characters, with a tolerance for chance patterns.
  @Test(arguments: [("[:alnum:]", 5.954), ("[:lower:]", 4.7), ("[:digit:]", 3.322), ("[:punct:][:alnum:]", 6.555)])
  func randomPasswords(set: String, bitsEach: Double) throws {
    let generator = try PasswordGenerator(characters: set)
    var sum = 0.0
    for _ in 0..<40 {
      let estimate = PasswordEstimate.bits(try generator.password(length: 20, random: SystemRandom()))
      #expect(estimate <= 20 * bitsEach + 0.4)
      sum += estimate
    }
    #expect(sum / 40 > 20 * bitsEach * 0.85)
  }

  /// A generated passphrase has 11 bits a word, and a little for its hyphens.
  @Test(arguments: [3, 4, 6, 8]) func passphrases(words: Int) throws {
    for _ in 0..<10 {
      let estimate = PasswordEstimate.bits(try PasswordGenerator.words(words, random: SystemRandom()))
      #expect(estimate <= Double(words) * 12 + 6)
      #expect(estimate >= Double(words) * 8)
    }
  }

  @Test func everyInputHasAnEstimate() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<200 {
      let bytes = random.bytes(Int(random.next() % 150))
      let estimate = PasswordEstimate.bits(SecretBytes(copying: bytes))
      #expect(estimate >= 0 && estimate.isFinite)
    }
  }
}
