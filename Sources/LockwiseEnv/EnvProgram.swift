import Glibc
import LockwiseCLI
import LockwiseCore

/// The program `lockwise-env`.
public enum EnvProgram {
  private static let name = "lockwise-env"
  /// The sub-commands in the order of the help.
  static var commands: [any EnvCommand.Type] {
    [
      ExportCommand.self, RunCommand.self, InjectCommand.self, ReadCommand.self, CheckCommand.self, RefCommand.self,
      HookCommand.self,
    ]
  }

  /// The text of `--help`.
  static var help: String {
    let width = (commands.map { $0.syntax.name.count }.max() ?? 0) + 2
    let lines = commands.map { command in
      "  " + command.syntax.name + String(repeating: " ", count: width - command.syntax.name.count)
        + command.syntax.summary.prefix(1).lowercased() + command.syntax.summary.dropFirst()
    }
    return """
      usage: \(name) <command> [<options>] [<arguments>]

      Gives shells, commands and configuration files the passwords saved in Firefox, from the
      vault of lockwise-sync. Files contain references such as lockwise://github.com/alice,
      which are safe to commit.

      commands:
      \(lines.joined(separator: "\n"))

      options:
        --help     show this help; after a command, the help of the command
        --version  show the version

      """
  }

  /// Runs the program.
  ///
  /// A command line that names no command prints `false`, because it may be a mistyped `export` in a shell's `eval`.
  ///
  /// - Parameters:
  ///   - arguments: the arguments with the program's name in front.
  ///   - inherited: the state that a command gets back.
  /// - Returns: the exit status.
  public static func run(_ arguments: [[UInt8]], inherited: InheritedState) -> Int32 {
    let diagnostics = Diagnostics(program: name)
    let first = arguments.dropFirst().first.map { String(decoding: $0, as: UTF8.self) }
    if let command = commands.first(where: { $0.syntax.name == first }) {
      return run(command, Array(arguments.dropFirst(2)), inherited, diagnostics)
    }
    do {
      switch first {
      case nil: Diagnostics.toStandardError(help)
      case "--help", "-h", "help": return try inform(help)
      case "--version":
        return try inform("\(name) \(Version.current) (\(CryptoLibrary.version), \(VaultFile.libraryVersion))\n")
      case let first?: diagnostics.report(unknown(first))
      }
    } catch {
      return report(error, nil, diagnostics).rawValue
    }
    // No shell evaluates what a terminal shows.
    if isatty(1) == 0 { printFailure(ExportFormat.sh.failureText) }
    return ExitCode.usage.rawValue
  }

  /// Runs a sub-command, and afterwards what later runs profit from.
  private static func run(
    _ command: any EnvCommand.Type, _ arguments: [[UInt8]], _ inherited: InheritedState, _ diagnostics: Diagnostics
  ) -> Int32 {
    var context: EnvContext?
    defer { if let context { finish(context) } }
    do {
      let parsed = try ParsedArguments(arguments, command.syntax)
      if parsed.wantsHelp { return try inform(command.syntax.help) }
      let configuration = Configuration(.ofProcess)
      configuration.reportProblems(to: diagnostics)
      let directory = try VaultDirectory(configuration: configuration)
      let helper = HelperContext(
        configuration: configuration, diagnostics: diagnostics, directory: directory,
        purpose: UnlockPurpose("\(name) \(command.syntax.name)"), clock: Milliseconds.now, permitted: .anywhere,
        command: { nil })
      let made = EnvContext(helper: helper, inherited: inherited)
      context = made
      return try command.init(made).run(parsed).rawValue
    } catch {
      let code = report(error, context, diagnostics)
      printFailure(command.failureText(arguments))
      return command.status(of: error, code)
    }
  }

  /// Reports a failure before or after there was a context.
  private static func report(_ error: any Error, _ context: EnvContext?, _ diagnostics: Diagnostics) -> ExitCode {
    if let context { return context.report(error) }
    let shown = UserFacingError(error)
    diagnostics.report(shown)
    return shown.exitCode
  }

  /// Prints what a shell that evaluates the output must run after a failure.
  private static func printFailure(_ text: String?) {
    if let text { try? StandardOutput.write(SecretBytes(utf8: text)) }
  }

  private static func unknown(_ command: String) -> UserFacingError {
    let nearest = NearestName.of(command, among: commands.map { $0.syntax.name }).map { "did you mean: \(name) \($0)" }
    return UserFacingError(
      "unknown command \(command)", hints: [nearest, "see \(name) --help"].compactMap(\.self), exitCode: .usage)
  }

  /// Starts a pull in the background if the vault was read and one is due, and stores names for the next run.
  private static func finish(_ context: EnvContext) {
    let isDue = context.activity.hasRead && context.helper.sync.isDue
    guard isDue || context.activity.hasOutdatedNames else { return }
    StandardOutput.release(context.output)
    if context.activity.hasOutdatedNames {
      // The next run does it if this one cannot.
      try? context.helper.vaultWithoutPrompting()?.storeEntryCaches(withBodies: false)
    }
    if isDue { context.helper.sync.startDetached() }
  }

  private static func inform(_ text: String) throws -> Int32 {
    try StandardOutput.write(SecretBytes(utf8: text))
    return ExitCode.success.rawValue
  }
}
