import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Two versions of notes that become one.
@Suite struct NotesMergeTests {
  private func merged(
    _ base: String, _ newer: String, _ older: String, tied: Set<TiedField> = [], former: [String] = []
  ) -> String? {
    var merge = NotesMerge(
      base: SecretBytes(utf8: base), newer: SecretBytes(utf8: newer), older: SecretBytes(utf8: older))
    merge.tiedInOlder = tied
    merge.former = former.map { SecretBytes(utf8: $0) }
    return merge.merged().exposedText()
  }

  @Test(arguments: [
    ("a\nb\n", "a\nb\nn\n", "a\nb\no\n", "a\nb\nn\no\n"),
    ("a\nb\n", "b\nn\n", "a\no\np\n", "b\nn\no\np\n"),
    ("", "n\n", "o\n", "n\no\n"),
    ("a\n", "", "a\no\n", "o\n"),
    ("a\n", "n", "a\no", "n\no\n"),
    ("a\n", "n\n", "", "n\n"),
    ("a\n", "same\nn\n", "same\n", "same\nn\n"),
    ("a\n", "e\u{301}\n", "\u{E9}\n", "e\u{301}\n\u{E9}\n"),
    ("a\n", "x\r\n", "x\n", "x\r\nx\n"),
  ])
  func theNewerTextAndTheOthersLines(base: String, newer: String, older: String, result: String) {
    #expect(merged(base, newer, older) == result)
  }

  @Test func tiedLinesOfTheOlderTextAreLeftOut() {
    let (base, newer) = ("login: a\n", "login: a\nn\n")
    let older = "login: b\nlogin: c\nurl: https://x\n"
    #expect(merged(base, newer, older) == "login: a\nn\nlogin: b\nlogin: c\nurl: https://x\n")
    #expect(merged(base, newer, older, tied: [.login, .url]) == "login: a\nn\nlogin: c\n")
  }

  @Test func linesThatTheNewerTextRemovedStayRemoved() {
    #expect(merged("a\n", "a\nb\n", "a\nsent\nc\n", former: ["a\nsent\n"]) == "a\nb\nc\n")
  }

  // MARK: Counters

  private func uri(_ counter: String, secret: String = "AA", rest: String = "") -> String {
    "otpauth://hotp/x:y?secret=\(secret)&counter=\(counter)\(rest)\n"
  }

  @Test func theHigherCounterWins() {
    for (newer, older) in [("7", "6"), ("6", "7"), ("10", "9"), ("9", "10"), ("7", "7")] {
      let highest = [newer, older].max { (UInt64($0) ?? 0) < (UInt64($1) ?? 0) } ?? ""
      #expect(merged(uri("5"), "n\n" + uri(newer), uri(older) + "o\n") == "n\n" + uri(highest) + "o\n")
      #expect(merged("", uri(newer), uri(older)) == uri(highest), "without a base")
      #expect(
        merged(uri("5", rest: "&issuer=z"), uri(newer, rest: "&issuer=z"), uri(older, rest: "&issuer=z"))
          == uri(highest, rest: "&issuer=z"))
    }
    #expect(merged(uri("5"), "n\n", uri("6")) == "n\n", "removed here, counted there")
    #expect(merged(uri("5"), uri("5", secret: "BB"), uri("6")) == uri("5", secret: "BB"))
    #expect(merged("", uri("5", secret: "BB"), uri("6")) == uri("5", secret: "BB") + uri("6"))
    let both = uri("1") + "x\n" + uri("4", secret: "BB")
    #expect(merged("", both, uri("3") + uri("2", secret: "BB")) == uri("3") + "x\n" + uri("4", secret: "BB"))
  }

  @Test(arguments: [
    "otpauth://totp/a?secret=AA&counter=1", "otpauth://hotp/a?secret=AA", "otpauth://hotp/a?secret=AA&counter=",
    "otpauth://hotp/a?secret=AA&counter=1x", "otpauth://hotp/a?secret=AA&counter=99999999999999999999",
    "otpauth://hotp/a?counter=1", "xotpauth://hotp/a?secret=AA&counter=1", "otpauth://hotp/a?secret=AA&xcounter=1", "",
  ])
  func otherLinesHaveNoCounter(line: String) {
    #expect(CounterURI(SecretBytes(utf8: line)) == nil)
  }

  @Test func aCounterIsReplacedAlone() throws {
    let uri = try #require(CounterURI(SecretBytes(utf8: "otpauth://hotp/a?secret=AA&counter=007&digits=6 \r")))
    #expect(uri.counter == 7)
    #expect(uri.with(counter: 8).exposedText() == "otpauth://hotp/a?secret=AA&counter=8&digits=6 \r")
    #expect(uri.code.exposedText() == "otpauth://hotp/a?secret=AA&counter=&digits=6 \r")
    #expect(CounterURI(SecretBytes(utf8: "otpauth://hotp/a?secret=AA&counter=1\r"))?.counter == 1)
  }

  // MARK: Properties

  /// A random text of few lines, counters among them.
  private func text(_ random: inout SeededGenerator, from base: [String] = []) -> String {
    var lines = base.filter { _ in Int.random(in: 0..<5, using: &random) > 0 }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let counter = "otpauth://hotp/a?secret=A&counter=\(Int.random(in: 1...9, using: &random))"
      let line = Bool.random(using: &random) ? "l\(Int.random(in: 0...9, using: &random))" : counter
      lines.insert(line, at: Int.random(in: 0...lines.count, using: &random))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Nothing that a side added is lost, and merging a result again changes nothing.
  @Test func randomTextsLoseNothingAndSettle() {
    var random = TestSeed.generator()
    for _ in 0..<5_000 {
      let base = text(&random)
      let lines = base.split(separator: "\n").map(String.init)
      let (newer, older) = (text(&random, from: lines), text(&random, from: lines))
      let result = merged(base, newer, older) ?? ""
      func codes(_ text: String) -> Set<String> {
        Set(text.split(separator: "\n").map { $0.hasPrefix("otp") ? "otp" : String($0) })
      }
      #expect(codes(result) == codes(newer).union(codes(older).subtracting(codes(base))))
      func counters(_ text: String) -> [Substring] {
        text.split(separator: "\n").compactMap { $0.split(separator: "=").dropFirst(2).first }
      }
      for other in [newer, older] {
        #expect(merged(base, result, other) == result && merged(other, result, result) == result)
        if let highest = counters(other).max(), let ours = counters(result).min() { #expect(ours >= highest) }
      }
    }
  }
}
