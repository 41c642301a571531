import Testing

@testable import LockwiseCore

@Suite struct PassphraseRuleTests {
  @Test(arguments: ["", "a", "seven 7", "☢☢☢☢☢☢☢", "aaaaaaaa", "        ", "☢☢☢☢☢☢☢☢☢", "\u{301}\u{301}", "éüöäßñç"])
  func aTriviallyShortPassphraseIsRefused(text: String) {
    #expect(PassphraseRule.complaint(about: SecretBytes(utf8: text)) != nil)
  }

  @Test(arguments: ["polonium", "aaaaaaab", "baaaaaaa", "correct horse", "☢☢☢☢☢☢☢☣", "abababab", "éüöäßñçø"])
  func othersAreAccepted(text: String) {
    #expect(PassphraseRule.complaint(about: SecretBytes(utf8: text)) == nil)
  }

  @Test func eachReasonIsNamed() {
    let reasons = ["", "a", "aaaaaaaa"].map { PassphraseRule.complaint(about: SecretBytes(utf8: $0)) }
    #expect(Set(reasons).count == 3)
    // Bytes that are not UTF-8 are accepted as a passphrase.
    #expect(PassphraseRule.complaint(about: SecretBytes(copying: [UInt8](repeating: 0x80, count: 40))) != nil)
  }
}
