import Glibc
import LockwiseCore

/// Asks the user with pinentry, as gpg does (pinentry manual, "Assuan Protocol").
struct Pinentry {
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
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
      }
    }
    return nil
  }

  /// Asks for a secret once.
  ///
  /// - Parameters:
  ///   - question: the texts to show.
  ///   - error: the problem with the last input; `nil` the first time.
  /// - Returns: the text typed; `nil` if pinentry is missing or does not work.
  /// - Throws: `PromptError.cancelled` if the user cancelled.
  func ask(_ question: PassphraseQuestion, error: String?) throws -> SecretBytes? {
    guard let session = begin(question, error: error) else { return nil }
    switch session.perform("GETPIN") {
    case .ok(let data): return data
    case .error(let code) where Self.isCancellation(code): throw PromptError.cancelled
    case .error, nil: return nil
    }
  }

  /// Asks for a decision.
  ///
  /// - Returns: the decision, which is `Decision.no` if the user cancelled or closed the window; `nil` if pinentry is
  ///   missing or does not work.
  func decide(_ question: DecisionQuestion) -> Decision? {
    guard let session = begin(question.texts, error: nil) else { return nil }
    var labels = ["SETOK \(Assuan.escape(question.yes))", "SETCANCEL \(Assuan.escape(question.no))"]
    if let never = question.never { labels.append("SETNOTOK \(Assuan.escape(never))") }
    for label in labels where session.perform(label) == nil { return nil }
    switch session.perform("CONFIRM") {
    case .ok: return .yes
    // GPG_ERR_NOT_CONFIRMED, the third button.
    case .error(let code) where code & 0xFFFF == 114: return question.never == nil ? .no : .never
    // GPG_ERR_TIMEOUT.
    case .error(let code) where Self.isCancellation(code) || code & 0xFFFF == 62: return .no
    case .error, nil: return nil
    }
  }

  /// Shows a message until the user closes it or a signal is received.
  ///
  /// - Returns: whether it was shown.
  /// - Throws: `PromptError.cancelled` if a signal was received.
  func show(_ question: PassphraseQuestion, until interruption: Interruption) throws -> Bool {
    guard let session = begin(question, error: nil) else { return false }
    try session.perform("MESSAGE", until: interruption)
    return true
  }

  /// GPG_ERR_CANCELED (99) and GPG_ERR_FULLY_CANCELED (198) of any source (libgpg-error's err-codes).
  private static func isCancellation(_ code: Int) -> Bool { [99, 198].contains(code & 0xFFFF) }

  /// Starts pinentry and sends the texts. Options that this pinentry does not support are ignored.
  private func begin(_ question: PassphraseQuestion, error: String?) -> PinentrySession? {
    guard let session = PinentrySession(program, environment: environment, isWindow: scope == .window) else {
      return nil
    }
    for command in commands(for: question, error) where session.perform(command) == nil { return nil }
    return session
  }

  private func commands(for question: PassphraseQuestion, _ error: String?) -> [String] {
    var commands: [String] = []
    if scope == .anywhere, let terminal = Self.terminal(environment) { commands.append("OPTION ttyname=\(terminal)") }
    if scope == .anywhere, let type = environment["TERM"] { commands.append("OPTION ttytype=\(type)") }
    if let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] {
      commands.append("OPTION lc-ctype=\(locale)")
    }
    commands.append("SETTITLE \(Assuan.escape(PrintableText.of(question.title)))")
    commands.append("SETDESC \(Assuan.escape(PrintableText.lines(of: question.description)))")
    commands.append("SETPROMPT \(Assuan.escape(question.label))")
    if let error { commands.append("SETERROR \(Assuan.escape(PrintableText.of(error)))") }
    return commands
  }
}
