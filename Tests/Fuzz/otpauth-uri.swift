@testable import LockwiseCore

/// Checks that an accepted URI gives codes, that only a counter's digits change when it counts, and that an error shows
/// none of the parameters.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let line = SecretBytes(copying: input)
  let shown = OTPAuthURI.masked(line)
  precondition(shown.hasSuffix("…") && shown.filter { $0 == "?" }.count <= 1, "an error that shows parameters")
  guard let uri = try? OTPAuthURI(line) else { return }
  precondition(uri.text.withUnsafeBytes { !$0.contains { $0 < 0x20 } }, "a URI of several lines")
  precondition((try? OTPAuthURI(OTPAuthURI.encodingQuotes(uri.text)))?.kind == uri.kind, "encoding changes the type")
  guard let generator = try? OneTimeCode(line: line) else { return }
  for time in [0, 59, Seconds.max] {
    guard let code = try? generator.code(at: time) else { fatalError("a generator without a code") }
    precondition((5...10).contains(code.count) && code.withUnsafeBytes { $0.allSatisfy { (0x30...0x5A).contains($0) } })
    precondition(generator.timeLeft(at: time).map { $0 > 0 } ?? true, "a code that is no longer valid")
  }
  guard let counter = generator.counter, let next = generator.next else { return }
  precondition(
    next.counter == counter + 1 && next.uri.replacingCounter(counter).text == uri.replacingCounter(counter).text)
}
