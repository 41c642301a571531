import Glibc
import LockwiseCLI
import LockwiseCore

/// The environment, streams and vault of one run of the program.
struct PassContext {
  /// The environment, clock, messages and vault.
  let helper: HelperContext
  /// The name that the program was called by, for "Usage:" and getopt's messages.
  let program: String
  /// The sub-command as it was typed; `show` if none was.
  var command = "show"
  /// The descriptors of the standard streams.
  let streams: Streams
  /// What the run has done so far.
  let activity = Activity()

  /// The descriptors of the standard streams.
  struct Streams: Sendable {
    var input: Int32 = 0
    var output: Int32 = 1
    var error: Int32 = 2
  }

  /// What a run has done so far.
  final class Activity {
    /// Whether the vault was read.
    var hasRead = false
    /// Whether the vault was changed; an upload then runs in the background.
    var hasChanged = false
    /// What had to be read from many logins.
    var outdatedCaches: Set<Cache> = []

    /// What the vault keeps of all logins for the next reader.
    enum Cache {
      case names
      case bodies
    }
  }

  /// Makes a context; nothing is read or unlocked yet.
  init(helper: HelperContext, program: String, streams: Streams = Streams()) {
    self.helper = helper
    self.program = program
    self.streams = streams
  }

  /// The settings.
  var configuration: Configuration { helper.configuration }

  /// The environment variables.
  var environment: Environment { helper.configuration.environment }

  /// Whether standard input is a terminal. Only then questions are asked; otherwise the answer is yes.
  var isInputTerminal: Bool { isatty(streams.input) == 1 }

  /// Whether standard output is a terminal.
  var isOutputTerminal: Bool { isatty(streams.output) == 1 }

  /// Whether standard error is a terminal.
  var isErrorTerminal: Bool { isatty(streams.error) == 1 }

  /// Writes to standard output, without a buffer.
  ///
  /// - Throws: `UserFacingError` if it cannot be written; `PassFailure.silent` if nobody reads it any more.
  func out(_ bytes: SecretBytes) throws {
    try bytes.withUnsafeBytes(out)
  }

  private func out(_ bytes: UnsafeRawBufferPointer) throws { try Self.write(bytes, to: streams.output) }

  /// Writes to a descriptor, without a buffer.
  ///
  /// - Throws: as `out(_:)` of secrets.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    guard FileDescriptor.writeAll(descriptor, bytes) else {
      // A closed pipe, as in `pass show NAME | head -1`, would have ended pass by a signal.
      if errno == EPIPE { throw PassFailure.silent }
      throw UserFacingError("cannot write the output: \(String(cString: strerror(errno)))", exitCode: .failure)
    }
  }

  /// Writes bytes that are not secret to standard output.
  ///
  /// - Throws: as `out(_:)` of secrets.
  func out(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes(out) }

  /// Writes a text that is not secret to standard output.
  ///
  /// - Throws: as `out(_:)` of secrets.
  func out(_ text: String) throws { try out(SecretBytes(utf8: text)) }

  /// Writes a line in pass's own words to standard error.
  ///
  /// - Parameter line: the text without its line feed.
  func err(_ line: String) {
    var text = line + "\n"
    text.withUTF8 { _ = FileDescriptor.writeAll(streams.error, UnsafeRawBufferPointer($0)) }
  }
}

extension PassContext {
  /// Whether output to the user has colours: on a terminal, unless `NO_COLOR` is set; `CLICOLOR_FORCE` means always.
  var hasColours: Bool {
    if environment.isOn("CLICOLOR_FORCE") { return true }
    return isOutputTerminal && environment["NO_COLOR"] == nil
  }

  /// Writes a secret to standard output; without control characters if it is a terminal.
  ///
  /// - Throws: as `out(_:)`.
  func show(_ secret: SecretBytes) throws { try out(isOutputTerminal ? TerminalText.of(secret) : secret) }
}
