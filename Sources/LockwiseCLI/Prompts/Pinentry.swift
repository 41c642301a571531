import CLinux
import Glibc
import LockwiseCore

/// Asks for a passphrase with pinentry, as gpg does (pinentry manual, "Assuan Protocol").
struct Pinentry {
  /// The texts that pinentry shows.
  struct Question {
    var title: String
    var description: String
    var prompt = "Passphrase:"
    /// The error after a wrong input; `nil` the first time.
    var error: String?
  }

  let program: String
  private let environment: Environment
  private let scope: PromptScope

  /// Finds a pinentry that can reach the user; `nil` if there is none. It needs a display or, if the scope includes it,
  /// the terminal of `GPG_TTY` or a standard stream. `LOCKWISE_PINENTRY` names another program; an empty value disables
  /// pinentry.
  init?(configuration: Configuration, scope: PromptScope) {
    let environment = configuration.environment
    let program = configuration.value("LOCKWISE_PINENTRY") ?? "pinentry"
    guard !program.isEmpty else { return nil }
    let hasDisplay = environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil
    switch scope {
    case .nowhere: return nil
    case .window: guard hasDisplay else { return nil }
    case .anywhere: guard hasDisplay || Self.terminal(environment) != nil else { return nil }
    }
    self.program = program
    // A pinentry that cannot open a window would use the terminal.
    self.environment = scope == .window ? environment.setting("GPG_TTY", to: nil) : environment
    self.scope = scope
  }

  private static func terminal(_ environment: Environment) -> String? {
    if let named = environment["GPG_TTY"] { return named }
    for descriptor in Int32(0)...2 {
      var name = [CChar](repeating: 0, count: 256)
      if ttyname_r(descriptor, &name, name.count) == 0 {
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
    }
    return nil
  }

  /// Asks the user once.
  ///
  /// - Returns: the text typed; `nil` if pinentry is missing or does not work.
  /// - Throws: `PromptError.cancelled` if the user cancelled.
  func ask(_ question: Question) throws -> SecretBytes? {
    guard let input = try? ChildProcess.makePipe(program), let output = try? ChildProcess.makePipe(program)
    else { return nil }
    let pid = try? ChildProcess.start(
      program, [], environment: environment,
      streams: .init(
        input: .descriptor(input.read), output: .descriptor(output.write),
        error: scope == .window ? .null : .inherited), detached: scope == .window)
    close(input.read)
    close(output.write)
    defer {
      close(input.write)
      close(output.read)
      if let pid { ChildProcess.end(pid, by: MonotonicClock.milliseconds + 1000) }
    }
    guard pid != nil else { return nil }
    var reader = AssuanReader(descriptor: output.read)
    guard case .ok = reader.answer() else { return nil }
    for command in commands(for: question) {
      send(command, to: input.write)
      // Options that this pinentry does not support are ignored.
      guard reader.answer() != nil else { return nil }
    }
    send("GETPIN", to: input.write)
    let answer = reader.answer()
    send("BYE", to: input.write)
    switch answer {
    case .ok(let data): return data
    // GPG_ERR_CANCELED (99) and GPG_ERR_FULLY_CANCELED (198) of any source: libgpg-error's err-codes.
    case .error(let code) where [99, 198].contains(code & 0xFFFF): throw PromptError.cancelled
    case .error, nil: return nil
    }
  }

  private func commands(for question: Question) -> [String] {
    var commands: [String] = []
    if scope == .anywhere, let terminal = Self.terminal(environment) { commands.append("OPTION ttyname=\(terminal)") }
    if scope == .anywhere, let type = environment["TERM"] { commands.append("OPTION ttytype=\(type)") }
    if let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] {
      commands.append("OPTION lc-ctype=\(locale)")
    }
    commands.append("SETTITLE \(Assuan.escape(PrintableText.of(question.title)))")
    commands.append("SETDESC \(Assuan.escape(PrintableText.of(question.description)))")
    commands.append("SETPROMPT \(Assuan.escape(question.prompt))")
    if let error = question.error { commands.append("SETERROR \(Assuan.escape(error))") }
    return commands
  }

  private func send(_ command: String, to descriptor: Int32) {
    var line = command.filter { !$0.isNewline } + "\n"
    line.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
  }
}

/// The parts of the Assuan protocol that pinentry uses (Assuan manual, "Server responses").
enum Assuan {
  /// A server's response to a command.
  enum Answer: Equatable {
    case ok(SecretBytes)
    case error(Int)
  }

  /// Percent-encodes characters that a command line must not contain.
  static func escape(_ text: String) -> String {
    PercentEncoding.encode(text.utf8) { $0 < 0x20 || $0 == UInt8(ascii: "%") || $0 == 0x7F }
  }

  /// Decodes the percent-encoding of a data line into `builder`.
  static func unescape(_ data: SecretBytes, into builder: inout SecretBuilder) {
    data.withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        if let byte = PercentEncoding.octet(in: bytes, at: position) {
          builder.append(byte)
          position += 3
        } else {
          builder.append(bytes[position])
          position += 1
        }
      }
    }
  }
}

/// Reads a server's responses.
private struct AssuanReader {
  let descriptor: Int32

  /// Reads a response up to its `OK` or `ERR`; `nil` if the server closed the connection.
  mutating func answer() -> Assuan.Answer? {
    var data = SecretBuilder()
    while let line = line() {
      let word = line[0..<min(3, line.count)].exposedText() ?? ""
      if word.hasPrefix("OK") { return .ok(data.finish()) }
      if word.hasPrefix("ERR") {
        let code = line.exposedText()?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return .error(code ?? 0)
      }
      if word.hasPrefix("D ") { Assuan.unescape(line[2..<line.count], into: &data) }
    }
    return nil
  }

  private func line() -> SecretBytes? {
    var builder = SecretBuilder()
    while builder.count < 8192 {
      var byte: UInt8 = 0
      let count = FileDescriptor.retrying { read(descriptor, &byte, 1) }
      guard count == 1 else { return nil }
      if byte == 0x0A { return builder.finish() }
      builder.append(byte)
    }
    return nil
  }
}
