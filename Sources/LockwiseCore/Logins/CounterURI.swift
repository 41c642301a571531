/// A line with the URI of an HOTP code, which contains a counter.
///
/// Two such lines are one code if they differ in the counter only. Of two counters the higher one is right: a code must
/// not be used twice.
struct CounterURI {
  private let line: SecretBytes
  private let digits: Range<Int>
  /// The counter.
  let counter: UInt64

  /// Parses a line; `nil` if it is not the URI of an HOTP code.
  init?(_ line: SecretBytes) {
    guard line.begins(with: "otpauth://"), let uri = try? OTPAuthURI(line), let counter = uri.counter,
      let digits = uri.values[.counter]
    else { return nil }
    self.line = line
    self.digits = digits
    self.counter = counter
  }

  /// The line without the counter's digits, which is the same for all counters of a code.
  var code: SecretBytes { .concatenating([line[0..<digits.lowerBound], line[digits.upperBound..<line.count]]) }

  /// Returns whether both lines are the same code, with any counters.
  func isSameCode(as other: CounterURI?) -> Bool { other.map { $0.code == code } ?? false }

  /// Returns the line with another counter.
  func with(counter: UInt64) -> SecretBytes {
    .concatenating([
      line[0..<digits.lowerBound], SecretBytes(utf8: String(counter)), line[digits.upperBound..<line.count],
    ])
  }
}
