import CLinux
import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The source of a sign-in's codes.
enum CodeSource {
  case terminal(TerminalPrompt)
  /// A shell command, which gets the kind of the code as `$1`.
  case command(String)
  /// An open descriptor with one code per line.
  case descriptor(Int32)

  /// The longest line that is read from a descriptor.
  private static let limit = 1024

  /// Gets one code.
  ///
  /// - Parameters:
  ///   - kind: the kind of code.
  ///   - refusal: the refusal of the last code.
  ///   - context: the diagnostics, the environment and the interruption.
  /// - Throws: `refusal` if there is no other code; `PromptError.cancelled`; `UserFacingError`.
  func code(
    for kind: CodeKind, after refusal: AccountsError?, _ context: SyncContext
  ) throws -> SecretBytes {
    switch self {
    case .terminal(let terminal):
      if let refusal { context.diagnostics.error(refusal.userFacingError.message) }
      return try terminal.askSecret(kind.question)
    case .command(let command):
      // Repeating the code would only be another wrong one.
      if let refusal { throw refusal }
      return try OptionCommand(option: "--otp-command", command: command).firstLine(kind.rawValue, context)
    case .descriptor(let number):
      let line = try Self.line(of: number, context.interruption)
      guard line.isEmpty else { return line }
      if let refusal { throw refusal }
      throw UserFacingError("cannot read a code from descriptor \(number): it has no more lines", exitCode: .usage)
    }
  }

  /// Reads a line byte by byte, since the next one is another code. Empty at the end.
  private static func line(of descriptor: Int32, _ interruption: Interruption) throws -> SecretBytes {
    var builder = SecretBuilder(capacity: 64)
    while true {
      try interruption.wait(milliseconds: -1, input: descriptor)
      var byte: UInt8 = 0
      let count = FileDescriptor.retrying { read(descriptor, &byte, 1) }
      if count < 0, errno == EAGAIN { continue }
      guard count >= 0, builder.count < limit else {
        throw UserFacingError("cannot read a code from descriptor \(descriptor)", exitCode: .usage)
      }
      if count == 0 || byte == 0x0A { return builder.finish() }
      if byte != 0x0D { builder.append(byte) }
    }
  }
}

extension CodeKind {
  /// The prompt at the terminal.
  fileprivate var question: String {
    switch self {
    case .authenticator: "Code from your authenticator app (or a recovery code): "
    case .email: "Code mailed to you (empty line: send another): "
    case .unblock: "Unblock code mailed to you (empty line: send another): "
    }
  }
}
