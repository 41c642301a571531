import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// Standard input, read as bash's `read` does for pass: byte by byte, so that nothing after a line is lost to the next
/// program.
struct PassInput {
  /// The maximum length of a body in bytes.
  static let limit = 1 << 20

  private let context: PassContext
  private var descriptor: Int32 { context.streams.input }

  /// Makes the input of a run.
  init(_ context: PassContext) { self.context = context }

  /// A line of input.
  struct Line {
    /// The text without its line feed.
    let text: SecretBytes
    /// Whether a line feed ended it, not the end of the input.
    let isTerminated: Bool
  }

  /// Asks a question that is answered with `y` or `Y`. Without a terminal the answer is yes, as in pass.
  ///
  /// - Parameters:
  ///   - question: a whole sentence with a question mark.
  ///   - interruption: the signals that are blocked while something must be cleaned up.
  /// - Throws: `PassFailure.silent` for any other answer; `PassFailure.cancelled` if a blocked signal was received.
  func confirm(_ question: String, interruption: Interruption? = nil) throws {
    guard context.isInputTerminal else { return }
    prompt("\(question) [y/N] ")
    if let interruption {
      // The terminal hands over a whole line at once.
      do { try interruption.wait(milliseconds: -1, input: descriptor) } catch { throw PassFailure.cancelled }
    }
    let answer = try line().text.withUnsafeBytes { bytes in bytes.filter { $0 != 0x20 && $0 != 0x09 } }
    guard answer == [UInt8(ascii: "y")] || answer == [UInt8(ascii: "Y")] else { throw PassFailure.silent }
  }

  /// Reads a line that the terminal echoes.
  ///
  /// - Parameter question: the prompt, which is shown only at a terminal.
  /// - Throws: `UserFacingError` if it is too long or cannot be read.
  func line(_ question: String? = nil) throws -> Line {
    if let question, context.isInputTerminal { prompt(question) }
    return try readLine(signals: -1) ?? Line(text: SecretBytes(utf8: ""), isTerminated: false)
  }

  /// Reads lines that the terminal does not echo. Signals that end the process are held back until the terminal is
  /// restored.
  ///
  /// - Parameters:
  ///   - questions: the prompts, which are shown only at a terminal.
  /// - Returns: the lines; fewer than questions if the input ended before.
  /// - Throws: `UserFacingError` if a line is too long or cannot be read.
  func hiddenLines(_ questions: [String]) throws -> [SecretBytes] {
    guard context.isInputTerminal else {
      return try collect(questions, signals: -1)
    }
    var saved = termios()
    guard tcgetattr(descriptor, &saved) == 0 else { throw unreadable }
    var mask = sigset_t()
    let signals = lockwise_hold_signals(&mask)
    // A pending signal ends the process here, after the terminal was restored.
    defer { lockwise_release_signals(signals, &mask) }
    var silent = saved
    silent.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHOK | ECHONL)
    guard tcsetattr(descriptor, TCSADRAIN, &silent) == 0 else { throw unreadable }
    defer { tcsetattr(descriptor, TCSADRAIN, &saved) }
    return try collect(questions, signals: signals)
  }

  /// Reads standard input to its end.
  ///
  /// - Throws: `UserFacingError` if it is longer than a body may be or cannot be read.
  func all() throws -> SecretBytes {
    // One byte more, so that the body's own check finds and names the excess.
    guard let content = FileDescriptor.readAll(descriptor, limit: Self.limit + 1) else {
      throw UserFacingError("cannot read the entry from standard input, or it is larger than 1 MiB", exitCode: .failure)
    }
    return content
  }

  private func collect(_ questions: [String], signals: Int32) throws -> [SecretBytes] {
    var lines: [SecretBytes] = []
    for question in questions {
      if context.isInputTerminal { prompt(question) }
      guard let line = try readLine(signals: signals), line.isTerminated else { return lines }
      // The terminal did not echo the line feed. pass prints it in a pipe too.
      try context.out("\n")
      lines.append(line.text)
    }
    return lines
  }

  /// Reads a line.
  ///
  /// - Parameter signals: the descriptor of held signals; -1 if none are held.
  /// - Returns: `nil` if a signal was received.
  private func readLine(signals: Int32) throws -> Line? {
    var builder = SecretBuilder()
    while true {
      var events = [descriptor, signals].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      if signals >= 0 { _ = FileDescriptor.retrying { poll(&events, 2, -1) } }
      guard events[1].revents == 0 else { return nil }
      var byte: UInt8 = 0
      let count = FileDescriptor.retrying { read(descriptor, &byte, 1) }
      guard count >= 0 else { throw unreadable }
      if count == 0 || byte == 0x0A { return Line(text: builder.finish(), isTerminated: count > 0) }
      guard builder.count < Self.limit else {
        throw UserFacingError("the line is longer than 1 MiB", exitCode: .failure)
      }
      builder.append(byte)
    }
  }

  private var unreadable: UserFacingError {
    UserFacingError("cannot read standard input: \(String(cString: strerror(errno)))", exitCode: .failure)
  }

  /// Shows a prompt on standard error, without a line feed.
  private func prompt(_ text: String) {
    var copy = PrintableText.of(text)
    copy.withUTF8 { _ = FileDescriptor.writeAll(context.streams.error, UnsafeRawBufferPointer($0)) }
  }
}
