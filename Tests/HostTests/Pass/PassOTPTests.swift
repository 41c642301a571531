import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// One-time codes, compared with oathtool(1) and pass-otp.
@Suite struct PassOTPTests {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  /// A random URI and the arguments with which oathtool makes the same code.
  private struct Sample {
    let uri: String
    let arguments: [String]
    let time: Seconds

    init(_ random: inout SeededGenerator) {
      func below(_ limit: UInt64) -> Int { Int(random.next() % limit) }
      // The lengths that are whole bytes, or end within a character.
      let length = [8, 16, 26, 32, 52, 103, 10, 13, 15, 2].randomElement(using: &random) ?? 32
      var secret = String(decoding: (0..<length).map { _ in PassOTPTests.alphabet[below(32)] }, as: UTF8.self)
      if below(2) == 0 { secret = secret.lowercased() }
      let digits = 6 + below(3)
      time = Seconds(Int64(random.next() % (1 << 34)))
      var parameters = ["secret=\(secret)" + String(repeating: "=", count: below(3) == 0 ? (8 - length % 8) % 8 : 0)]
      var arguments = ["--base32", "--digits=\(digits)"]
      if digits != 6 || below(2) == 0 { parameters.append("digits=\(digits)") }
      if below(3) > 0 {
        let period = below(2) == 0 ? 30 : 1 + below(300)
        let algorithm = ["SHA1", "SHA256", "SHA512"][below(3)]
        if period != 30 || below(2) == 0 { parameters.append("period=\(period)") }
        if algorithm != "SHA1" || below(2) == 0 { parameters.append("algorithm=\(algorithm)") }
        arguments += ["--totp=\(algorithm.lowercased())", "--time-step-size=\(period)s", "--now=@\(time)"]
        uri = "otpauth://totp/Example:alice?" + parameters.shuffled(using: &random).joined(separator: "&")
      } else {
        let counter = random.next() >> (below(60) > 30 ? 33 : 56)
        parameters.append("counter=\(counter)")
        arguments += ["--hotp", "--counter=\(counter)"]
        uri = "otpauth://hotp/Example:alice?" + parameters.shuffled(using: &random).joined(separator: "&")
      }
      self.arguments = arguments + [secret]
    }
  }

  @Test func aThousandRandomURIsAgreeWithOathtool() throws {
    let tool = try Executables.ofSystem("oathtool")
    var random = TestSeed.generator()
    for _ in 0..<1000 {
      let sample = Sample(&random)
      let code = try OneTimeCode(line: SecretBytes(utf8: sample.uri)).code(at: sample.time).exposedText()
      let run = try Run.program(tool, sample.arguments, environment: ["PATH": "/usr/bin:/bin"])
      #expect(run.status == 0, "\(sample.arguments): \(run.error)")
      #expect(run.output == (code ?? "") + "\n", "\(sample.uri) at \(sample.time)")
    }
  }
}
