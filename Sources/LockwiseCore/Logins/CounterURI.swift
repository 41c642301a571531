/// A line with the URI of an HOTP code, `otpauth://hotp/…?…counter=N…`.
///
/// Two such lines are one code if they differ in the counter only. Of two counters the higher one is right: a code must
/// not be used twice.
struct CounterURI {
  private let line: SecretBytes
  private let digits: Range<Int>
  /// The counter.
  let counter: UInt64

  private static let prefix = Array("otpauth://hotp/".utf8)
  private static let parameter = Array("counter=".utf8)

  /// Parses a line; `nil` if it is not the URI of an HOTP code with exactly one counter.
  init?(_ line: SecretBytes) {
    guard let digits = line.withUnsafeBytes(Self.digits) else { return nil }
    guard let counter = line[digits].exposedText().flatMap({ UInt64($0) }) else { return nil }
    self.line = line
    self.digits = digits
    self.counter = counter
  }

  /// Returns the position of the counter's digits; `nil` if the line is something else.
  private static func digits(in line: UnsafeRawBufferPointer) -> Range<Int>? {
    guard line.starts(with: prefix), let query = line.firstIndex(of: UInt8(ascii: "?")) else { return nil }
    var found: [Range<Int>] = []
    for part in line[(query + 1)...].split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true)
    where part.starts(with: parameter) {
      let value = part.dropFirst(parameter.count)
      let end = value.firstIndex { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? value.endIndex
      guard end > value.startIndex, value[end...].allSatisfy({ $0 == 0x20 || $0 == 0x0D }) else { return nil }
      found.append(value.startIndex..<end)
    }
    return found.count == 1 ? found[0] : nil
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
