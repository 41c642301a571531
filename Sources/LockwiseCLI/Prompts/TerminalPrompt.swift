import CLinux
import Glibc
import LockwiseCore

/// The reason why the user gave no input.
public enum PromptError: Error, Equatable, Sendable {
  /// There is neither a terminal nor a pinentry.
  case nobodyThere
  /// There is no terminal, and the pinentry cannot be found.
  case pinentryMissing(program: String)
  /// The user cancelled.
  case cancelled
}

extension PromptError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    switch self {
    case .cancelled: UserFacingError("cancelled", exitCode: .cancelled)
    case .nobodyThere:
      UserFacingError(
        "the vault is locked, and there is no terminal or pinentry to ask for the passphrase",
        hints: ["unlock it first, at a terminal: lockwise-sync unlock"], exitCode: .locked)
    case .pinentryMissing(let program):
      UserFacingError(
        "the vault is locked, and there is no terminal or pinentry to ask for the passphrase: cannot find \(program)",
        hints: ["install pinentry, or set pinentry to its absolute path in the configuration file"], exitCode: .locked)
    }
  }
}

extension Interruption {
  /// Waits until the time is over or input is available.
  ///
  /// - Parameters:
  ///   - milliseconds: the time; -1 waits without limit.
  ///   - input: the descriptor to read from.
  /// - Throws: `PromptError.cancelled` if a signal was received.
  public func wait(milliseconds: Int32, input: Int32 = -1) throws {
    // poll(2) ignores negative descriptors.
    var events = [descriptor, input].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    _ = FileDescriptor.retrying { poll(&events, 2, milliseconds) }
    if consume() { throw PromptError.cancelled }
  }
}

/// Asks at the terminal that controls the process (`/dev/tty`), whatever the standard streams are.
public struct TerminalPrompt {
  private let descriptor: Int32
  private let sendsInterrupt: Bool

  /// Opens the terminal; `nil` if the process has none.
  ///
  /// - Parameter sendsInterrupt: whether Ctrl-C sends SIGINT to this process and its group, as the terminal itself does.
  public init?(sendsInterrupt: Bool = false) {
    self.sendsInterrupt = sendsInterrupt
    descriptor = lockwise_open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY, 0)
    guard descriptor >= 0 else { return nil }
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else {
      close(descriptor)
      return nil
    }
  }

  /// Whether the process has a terminal.
  package static var isAvailable: Bool {
    guard let terminal = TerminalPrompt() else { return false }
    terminal.finish()
    return true
  }

  /// Closes the terminal.
  public func finish() { close(descriptor) }

  /// Shows a line.
  public func show(_ text: String) { put(Self.shown(text) + [13, 10]) }

  /// Asks for a line of text and echoes it.
  ///
  /// - Throws: `PromptError.cancelled` on Ctrl-C or at the end of input.
  public func ask(_ question: String) throws -> String { try askText(question).exposedText() ?? "" }

  /// Asks for a line of any bytes and echoes it.
  ///
  /// - Throws: `PromptError.cancelled` on Ctrl-C or at the end of input.
  package func askText(_ question: String) throws -> SecretBytes { try read(question, echo: true) }

  /// Asks for a secret without echo.
  ///
  /// - Throws: `PromptError.cancelled` on Ctrl-C or at the end of input.
  public func askSecret(_ question: String) throws -> SecretBytes { try read(question, echo: false) }

  /// Reads byte by byte with the terminal's own editing, echo and signals disabled. Other signals are blocked until the
  /// terminal is restored, so that only SIGKILL can leave it without echo.
  private func read(_ question: String, echo: Bool) throws -> SecretBytes {
    var saved = termios()
    guard tcgetattr(descriptor, &saved) == 0 else { throw PromptError.nobodyThere }
    var mask = sigset_t()
    let signals = lockwise_hold_signals(&mask)
    // This runs last. A pending signal ends the process here.
    defer { lockwise_release_signals(signals, &mask) }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
    raw.c_iflag |= tcflag_t(ICRNL)
    guard tcsetattr(descriptor, TCSAFLUSH, &raw) == 0 else { throw PromptError.nobodyThere }
    defer { tcsetattr(descriptor, TCSAFLUSH, &saved) }
    put(Self.shown(question))
    defer { put([13, 10]) }

    var line = LineEditor()
    while true {
      var events = [descriptor, signals].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = FileDescriptor.retrying { poll(&events, 2, -1) }
      guard events[1].revents == 0 else { throw PromptError.cancelled }
      var byte: UInt8 = 0
      let count = FileDescriptor.retrying { Glibc.read(descriptor, &byte, 1) }
      guard count == 1 else { throw PromptError.cancelled }
      switch line.accept(byte) {
      case .more(let shown): if echo { put(shown) }
      case .done(let text): return text
      case .cancelled:
        // This process gets it when signals are released, after the terminal is restored.
        if sendsInterrupt, byte == LineEditor.interrupt { kill(0, SIGINT) }
        throw PromptError.cancelled
      }
    }
  }

  /// Returns the bytes that show a text of one or more lines.
  private static func shown(_ text: String) -> [UInt8] {
    Array(PrintableText.lines(of: text).utf8).flatMap { $0 == 0x0A ? [13, 10] : [$0] }
  }

  private func put(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }
}

/// The line being typed, as a pure function of the keys.
struct LineEditor {
  /// The result of a key.
  enum Result {
    /// The line continues; these bytes show the change.
    case more([UInt8])
    case done(SecretBytes)
    case cancelled
  }

  /// The key Ctrl-C.
  static let interrupt: UInt8 = 0x03
  /// The maximum length in bytes. Further keys are ignored.
  private static let limit = 65536
  private var builder = SecretBuilder(capacity: 1024)

  mutating func accept(_ byte: UInt8) -> Result {
    switch byte {
    case 0x0A, 0x0D: return .done(builder.finish())
    case Self.interrupt: return .cancelled
    case 0x04 where builder.count == 0: return .cancelled
    case 0x08, 0x7F: return .more(removeLast() ? [8, 32, 8] : [])
    case 0x15:
      var shown: [UInt8] = []
      while removeLast() { shown += [8, 32, 8] }
      return .more(shown)
    case 0..<0x20: return .more([])
    default:
      guard builder.count < Self.limit else { return .more([]) }
      builder.append(byte)
      return .more([byte])
    }
  }

  /// Removes the last character with all its bytes (UTF-8, RFC 3629 section 3).
  private mutating func removeLast() -> Bool {
    let text = builder.finish()
    guard let start = text.withUnsafeBytes({ $0.lastIndex { $0 & 0xC0 != 0x80 } }) else { return false }
    builder = SecretBuilder(capacity: 1024)
    builder.append(text[0..<start])
    return true
  }
}
