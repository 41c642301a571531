import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// Copies secrets to the clipboard for a limited time.
///
/// Nothing is read from the clipboard, and its old content is not put back: histories of clipboards would record the
/// secret a second time.
struct Clipboard {
  private let context: PassContext
  private let selection: ClipboardSelection
  private let time: ClipboardTime

  /// Makes the clipboard of the user's settings.
  ///
  /// - Throws: `UserFacingError` if `PASSWORD_STORE_CLIP_TIME` is not a time.
  init(_ context: PassContext) throws {
    self.context = context
    selection = ClipboardSelection(context.environment)
    time = try ClipboardTime(context.environment)
  }

  /// Copies a secret and reports it in pass's words.
  ///
  /// - Parameters:
  ///   - secret: the text, without a line feed at its end.
  ///   - name: what the message calls it.
  /// - Throws: `PassFailure` with pass's text if there is no clipboard or it cannot be filled; `UserFacingError`.
  func copy(_ secret: SecretBytes, called name: String) throws {
    switch chooseProgram() {
    case .success(let program):
      guard run(program, with: secret) else { throw PassFailure("Error: Could not copy data to the clipboard") }
    case .failure(let missing):
      guard try copyThroughTerminal(secret) else { throw failure(missing) }
    }
    try context.out(
      "Copied \(PrintableText.of(name)) to clipboard. Will clear in \(time.text) seconds.\n")
  }

  private func chooseProgram() -> Result<ClipboardProgram, ClipboardProgram.Missing> {
    let search = ProgramSearch(context.environment)
    return ClipboardProgram.choose(context.configuration, selection) {
      search.find($0) != nil
    } supportsSensitive: {
      ClipboardProgram.isSensitiveSupported(context.environment)
    }
  }

  private func failure(_ missing: ClipboardProgram.Missing) -> any Error {
    switch missing {
    case .noDisplay: PassFailure("Error: No X11 or Wayland display detected")
    case .notInstalled(let names):
      UserFacingError(
        "cannot copy to the clipboard: cannot find \(names.joined(separator: " or "))",
        hints: ["install \(names.joined(separator: " or ")), or set pass-clip to another program"], exitCode: .failure)
    }
  }

  /// The displays, each of which has a clipboard of its own.
  private var display: String {
    ["WAYLAND_DISPLAY", "DISPLAY"].map { context.environment[$0] ?? "" }.joined(separator: " ")
  }

  /// Starts a program under a waiting process and hands it the secret.
  ///
  /// - Returns: whether it has the secret.
  private func run(_ program: ClipboardProgram, with secret: SecretBytes) -> Bool {
    guard let input = try? ChildProcess.makePipe(program.name) else { return false }
    guard let report = try? ChildProcess.makePipe(program.name) else {
      for end in [input.read, input.write] { close(end) }
      return false
    }
    let order = ClipboardOrder(
      .program(program), time: time.span, start: .monotonic(),
      place: "\(program.name) \(selection.rawValue) \(display)")
    let isStarted = start(order, input: .descriptor(input.read), output: .descriptor(report.write))
    for end in [input.read, report.write] { close(end) }
    // The waiting process ends if the program does, so that this fails rather than waits.
    secret.withUnsafeBytes { _ = FileDescriptor.writeAll(input.write, $0) }
    close(input.write)
    defer { close(report.read) }
    var byte: UInt8 = 0
    let count = FileDescriptor.retrying { read(report.read, &byte, 1) }
    return isStarted && count == 1 && byte == ClipboardHolder.copied
  }

  /// Fills the clipboard of the terminal, if there is one.
  ///
  /// - Returns: whether there is one.
  /// - Throws: `UserFacingError` if the secret is too long for it.
  private func copyThroughTerminal(_ secret: SecretBytes) throws -> Bool {
    let environment = context.environment
    guard TerminalClipboard.isSupported(environment) else { return false }
    let terminal = lockwise_open("/dev/tty", O_WRONLY | O_NOCTTY | O_CLOEXEC, 0)
    guard terminal >= 0 else { return false }
    defer { close(terminal) }
    guard secret.count <= TerminalClipboard.limit else {
      throw UserFacingError("cannot copy to the clipboard: the text is too long for a terminal", exitCode: .failure)
    }
    if selection == .clipboard, let tmux = TmuxClipboard(environment), tmux.copy(secret) {
      start(
        ClipboardOrder(
          .later(tmux.clearing), time: time.span, start: .monotonic(), place: tmux.place),
        input: .null, output: .null)
      return true
    }
    let sequences = TerminalClipboard(selection: selection, multiplexer: TerminalClipboard.Multiplexer(environment))
    guard sequences.sequence(copying: secret).withUnsafeBytes({ FileDescriptor.writeAll(terminal, $0) }) else {
      return false
    }
    let order = ClipboardOrder(
      .terminal(sequences), time: time.span, start: .monotonic(),
      place: "terminal \(Self.number(of: terminal)) \(selection.rawValue)")
    start(order, input: .null, output: .descriptor(terminal))
    return true
  }

  /// Returns the device number of the terminal that `/dev/tty` stands for; fstat(2) returns that of `/dev/tty`, which is
  /// the same for every terminal.
  private static func number(of terminal: Int32) -> UInt32 {
    var number: UInt32 = 0
    // TIOCGDEV (asm-generic/ioctls.h), which Swift does not import.
    let request: UInt = 0x8004_5432
    return ioctl(terminal, request, &number) == 0 ? number : 0
  }

  /// Starts the waiting process.
  @discardableResult
  private func start(_ order: ClipboardOrder, input: ChildProcess.Stream, output: ChildProcess.Stream) -> Bool {
    (try? ChildProcess.start(
      "/proc/self/exe", order.arguments, as: ClipboardOrder.processName, environment: context.environment,
      streams: .init(input: input, output: output, error: .null), detached: true)) != nil
  }
}
