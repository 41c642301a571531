import Testing

@testable import LockwiseCore

@Suite struct OTPAuthURITests {
  private func parsed(_ text: String) -> Result<OTPAuthURI, OTPAuthURI.Failure> {
    do throws(OTPAuthURI.Failure) {
      return .success(try OTPAuthURI(SecretBytes(utf8: text)))
    } catch {
      return .failure(error)
    }
  }

  private func uri(_ text: String) throws -> OTPAuthURI { try parsed(text).get() }

  @Test(
    arguments: [
      ("otpauth://totp/Example:alice@example.com?secret=ABCD", "Example", "alice@example.com"),
      ("otpauth://totp/alice?secret=ABCD", nil, "alice"), ("otpauth://totp/:alice?secret=ABCD", "", "alice"),
      ("otpauth://totp/Example:?secret=ABCD", nil, "Example"),
      ("otpauth://totp/Big%20Corp%3A:b+b%40c?secret=ABCD", "Big Corp:", "b b@c"),
      ("otpauth://totp/a:b:8443?secret=ABCD", "a", "b"),
      ("otpauth://totp/a:b?secret=ABCD&issuer=Some+One%21", "Some One!", "b"),
      ("otpauth://totp/a:b?secret=ABCD&issuer=", "a", "b"), ("otpauth://totp/a/b?secret=ABCD", nil, "a/b"),
      ("  otpauth://totp/a:b?secret=ABCD \t", "a", "b"),
      // Of two values the last applies, unless it is empty.
      ("otpauth://totp/a:b?issuer=c&issuer=d&secret=ABCD&issuer=", "d", "b"),
    ] as [(String, String?, String)])
  func names(text: String, issuer: String?, account: String) throws {
    let uri = try uri(text)
    #expect(uri.issuer == issuer)
    #expect(uri.account == account)
  }

  @Test(
    arguments: [
      ("", .malformed), ("otpauth://totp", .malformed), ("otpauth://totp/a", .malformed),
      ("otpauth://totp/a?", .malformed),
      ("OTPAUTH://totp/a?secret=ABCD", .malformed), ("otpauth://sms/a?secret=ABCD", .malformed),
      ("otpauth://totpx/a?secret=ABCD", .malformed), ("otpauth://totp/a:b:c?secret=ABCD", .malformed),
      ("otpauth://totp/a:b:1:2?secret=ABCD", .malformed), ("https://a.example/?secret=ABCD", .malformed),
      ("otpauth://totp/a?secret=AB\nCD", .malformed), ("otpauth://totp/a?secret=AB\u{1B}CD", .malformed),
      ("otpauth://totp?secret=ABCD", .noAccountName), ("otpauth://totp/?secret=ABCD", .noAccountName),
      ("otpauth://totp/:?secret=ABCD", .noAccountName), ("otpauth://totp/a?issuer=b", .noSecret),
      ("otpauth://totp/a?secret=", .noSecret), ("otpauth://totp/a?Secret=ABCD", .noSecret),
      ("otpauth://hotp/a?secret=ABCD", .noCounter), ("otpauth://hotp/a?secret=ABCD&counter=x", .noCounter),
      ("otpauth://hotp/a?secret=ABCD&counter=-1", .noCounter), ("steam://short", .malformed),
    ] as [(String, OTPAuthURI.Failure)])
  func invalid(text: String, expected: OTPAuthURI.Failure) {
    guard case .failure(let failure) = parsed(text) else {
      Issue.record("accepted")
      return
    }
    #expect(failure == expected)
  }

  /// Every byte but the counter's digits stays.
  @Test(arguments: [
    ("otpauth://hotp/a?secret=ABCD&counter=9", "otpauth://hotp/a?secret=ABCD&counter=10"),
    ("otpauth://hotp/counter=9?counter=9&secret=AB CD", "otpauth://hotp/counter=9?counter=10&secret=AB CD"),
    ("otpauth://hotp/a?counter=7&counter=9&x=ä&secret=abcd=", "otpauth://hotp/a?counter=7&counter=10&x=ä&secret=abcd="),
    ("otpauth://hotp/a?secret=ABCD&counter=0009&counter=", "otpauth://hotp/a?secret=ABCD&counter=10&counter="),
  ])
  func counting(before: String, after: String) throws {
    #expect(try uri(before).replacingCounter(10).text.exposedText() == after)
  }

  /// Lines of a body that are not one-time codes.
  @Test(arguments: [
    "steam://run/440", "steam://friends", "Otpauth://totp/a", " otpauth://totp/a?secret=A", "", "secret",
  ])
  func otherLines(text: String) { #expect(!OTPAuthURI.isURI(SecretBytes(utf8: text))) }

  /// An error shows no secret, wherever it may be.
  @Test(arguments: [
    ("otpauth://hotp/a:b?secret=ABCD&counter=x", "otpauth://hotp/a:b?…"), ("hunter2", "…"),
    ("otpauth://totp/JBSWY3DPEHPK3PXP", "…"), ("https://a.example/?secret=ABCD", "…"), ("steam://ABCDEFGH", "…"),
  ])
  func masking(text: String, shown: String) { #expect(OTPAuthURI.masked(SecretBytes(utf8: text)) == shown) }

  @Test func quotesAreEncoded() {
    let line = SecretBytes(utf8: "otpauth://totp/`a\"?secret=ABCD")
    #expect(OTPAuthURI.encodingQuotes(line).exposedText() == "otpauth://totp/%60a%22?secret=ABCD")
  }
}
