import LockwiseTestSupport
import Testing

@testable import LockwiseCore

@Suite struct OneTimeCodeTests {
  private static let key20 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
  private static let key32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA===="
  private static let key64 =
    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA="

  private func code(_ uri: String, at time: Seconds = 0) throws -> String? {
    try OneTimeCode(line: SecretBytes(utf8: uri)).code(at: time).exposedText()
  }

  private func failure(_ uri: String) -> OneTimeCode.Failure? {
    do throws(OneTimeCode.Failure) {
      _ = try OneTimeCode(line: SecretBytes(utf8: uri))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["rfc6238-sha1-59", "rfc6238-sha1-1111111109", "rfc6238-sha1-20000000000"])
  func publishedVectors(name: String) throws {
    let vector = try TestVectors.named(name)
    try #require(secret(hex: vector.input("secret")) == SecretBytes(utf8: "12345678901234567890"))
    let uri =
      "otpauth://totp/a?secret=\(Self.key20)&digits=\(vector.integer("digits"))&period=\(vector.integer("step"))"
    #expect(try code(uri, at: Seconds(Int64(vector.integer("unix_time")))) == vector.output("code"))
  }

  /// RFC 6238 appendix B: the codes with SHA-1, SHA-256 and SHA-512.
  @Test(
    arguments: [
      (59, ["94287082", "46119246", "90693936"]), (1_111_111_109, ["07081804", "68084774", "25091201"]),
      (1_111_111_111, ["14050471", "67062674", "99943326"]), (1_234_567_890, ["89005924", "91819424", "93441116"]),
      (2_000_000_000, ["69279037", "90698825", "38618901"]), (20_000_000_000, ["65353130", "77737706", "47863826"]),
    ] as [(Seconds, [String])])
  func timeBased(time: Seconds, codes: [String]) throws {
    let keys = [("SHA1", Self.key20), ("sha256", Self.key32), ("SHA-512", Self.key64)]
    for ((algorithm, key), expected) in zip(keys, codes) {
      #expect(
        try code("otpauth://totp/a?secret=\(key)&algorithm=\(algorithm)&digits=8&period=30", at: time) == expected)
    }
  }

  /// RFC 4226 appendix D. The code that `next` gives is that of the counter after the stored one.
  @Test func counterBased() throws {
    let codes = [
      "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
    ]
    var generator = try OneTimeCode(
      line: SecretBytes(utf8: "otpauth://hotp/a?counter=0&secret=\(Self.key20)&x=counter=0"))
    for (counter, expected) in codes.enumerated() {
      #expect(generator.counter == UInt64(counter))
      #expect(try generator.code(at: 59).exposedText() == expected)
      generator = try #require(generator.next)
    }
    #expect(generator.uri.text.exposedText() == "otpauth://hotp/a?counter=10&secret=\(Self.key20)&x=counter=0")
  }

  @Test func anExhaustedCounterHasNoSuccessor() throws {
    let generator = try OneTimeCode(line: SecretBytes(utf8: "otpauth://hotp/a?secret=MZXW6YTB&counter=\(UInt64.max)"))
    #expect(generator.next == nil)
    #expect(failure("otpauth://hotp/a?secret=MZXW6YTB&counter=18446744073709551616") == .invalidCounter)
  }

  /// The 31 bits of RFC 6238's first vectors, in base 26 by an independent program.
  @Test(arguments: [
    "otpauth://totp/Steam:me?secret=KEY&issuer=Steam", "otpauth://totp/Steam:me?secret=KEY&digits=6",
    "otpauth://totp/me?secret=KEY&encoder=steam&period=30&digits=5", "otpauth://totp/me?issuer=STEAM&secret=KEY",
    "steam://KEY", " steam://KEY\r",
  ])
  func steam(uri: String) throws {
    let parts = uri.split(separator: "KEY", omittingEmptySubsequences: false)
    let line = parts.joined(separator: Self.key20)
    #expect(OTPAuthURI.isURI(SecretBytes(utf8: line)) || line.hasPrefix(" "))
    for (time, expected) in [(59, "PV9M4"), (1_111_111_109, "PY4YB"), (2_000_000_000, "9N776")] as [(Seconds, String)] {
      #expect(try code(line, at: time) == expected)
    }
  }

  /// Digits up to the ten that 31 bits fill.
  @Test(arguments: [(6, "287082"), (7, "4287082"), (8, "94287082"), (9, "094287082"), (10, "1094287082")])
  func digits(count: Int, expected: String) throws {
    #expect(try code("otpauth://totp/a?secret=\(Self.key20)&digits=\(count)", at: 59) == expected)
  }

  /// Spellings of one secret.
  @Test(arguments: [
    "gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ",
    "gezd+gnbv+gy3t+qojq+gezd+gnbv+gy3t+qojq", "GEZD%20GNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ%3D%3d", "GEZDGNBV-GY3TQOJQ-GEZDGNBV-GY3TQOJQ",
  ])
  func secrets(spelling: String) throws {
    #expect(try code("otpauth://totp/a?digits=8&secret=\(spelling)", at: 59) == "94287082")
  }

  @Test(
    arguments: [
      ("otpauth://totp/a?secret=1", .invalidSecret), ("otpauth://totp/a?secret=ABC", .invalidSecret),
      ("otpauth://totp/a?secret====", .invalidSecret),
      ("otpauth://totp/a?secret=ABCD&digits=5", .unsupportedDigits),
      ("otpauth://totp/a?secret=ABCD&digits=11", .unsupportedDigits),
      ("otpauth://totp/a?secret=ABCD&digits=-6", .unsupportedDigits),
      ("otpauth://totp/a?secret=ABCD&period=0", .invalidPeriod),
      ("otpauth://totp/a?secret=ABCD&period=99999999999999999999", .invalidPeriod),
      ("otpauth://totp/a?secret=ABCD&algorithm=MD5", .unsupportedAlgorithm),
      ("otpauth://totp/a", .invalid(.malformed)), ("steam://run/440", .invalid(.malformed)),
    ] as [(String, OneTimeCode.Failure)])
  func unsupported(uri: String, expected: OneTimeCode.Failure) { #expect(failure(uri) == expected) }

  @Test func validity() throws {
    let generator = try OneTimeCode(line: SecretBytes(utf8: "otpauth://totp/a?secret=ABCD&period=60"))
    #expect(generator.timeLeft(at: 0) == 60)
    #expect(generator.timeLeft(at: 59) == 1)
    #expect(generator.timeLeft(at: 61) == 59)
    #expect(generator.counter == nil && generator.next == nil)
    #expect(
      try OneTimeCode(line: SecretBytes(utf8: "otpauth://hotp/a?secret=ABCD&counter=1")).timeLeft(at: 5) == nil)
  }
}
