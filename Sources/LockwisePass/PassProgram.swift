import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The program `lockwise-pass`, under any of its names.
public enum PassProgram {
  private static let name = "lockwise-pass"

  /// Runs the program.
  ///
  /// - Parameter arguments: the arguments with the program's name in front.
  /// - Returns: the exit status.
  public static func run(_ arguments: [String]) -> ExitCode {
    // A run that waits while a secret is in the clipboard reads no settings and no vault.
    if let status = ClipboardHolder.run(arguments, .ofProcess) { return status }
    let program = arguments.first.map(lastPart) ?? name
    guard areAsGiven(arguments) else {
      Diagnostics(program: program).error("the arguments are not UTF-8")
      return .usage
    }
    let configuration = Configuration(.ofProcess)
    let diagnostics = Diagnostics(program: program)
    // Help and version need no vault.
    let isInformation = arguments.dropFirst().first.map(CommandTable.isInformation) ?? false
    guard
      let directory = VaultDirectory(configuration: configuration) ?? (isInformation ? VaultDirectory(path: "/") : nil)
    else {
      diagnostics.error("cannot find the vault: LOCKWISE_HOME, XDG_STATE_HOME or HOME must be an absolute path")
      return .usage
    }
    configuration.reportProblems(to: diagnostics)
    let helper = HelperContext(
      configuration: configuration, diagnostics: diagnostics, directory: directory, purpose: UnlockPurpose(program),
      clock: milliseconds, permitted: .anywhere, command: { nil })
    return run(Array(arguments.dropFirst()), PassContext(helper: helper, program: program))
  }

  /// Runs a command and reports its failure.
  static func run(_ arguments: [String], _ context: PassContext) -> ExitCode {
    do {
      let status = try dispatch(arguments, context)
      finish(context)
      return status
    } catch {
      finish(context)
      return report(error, context)
    }
  }

  /// Runs the command that the first argument names: one of the table, a program `lockwise-pass-NAME`, or `show`.
  private static func dispatch(_ arguments: [String], _ context: PassContext) throws -> ExitCode {
    var context = context
    guard let first = arguments.first else { return try ShowCommand(context).run([]) }
    let rest = Array(arguments.dropFirst())
    // A script written for pass with the extension also runs with this program in place of pass.
    if first == "lockwise" { return try dispatch(rest, context) }
    if let command = CommandTable.command(named: first) {
      context.command = first
      return try command.init(context).run(rest)
    }
    if let path = ExtensionProgram.find(first, context.environment) {
      throw ExtensionProgram.replaceProcess(with: path, rest, context.environment)
    }
    return try ShowCommand(context).run(arguments)
  }

  /// Does what later runs profit from: stores the names, and starts a pull in the background if the command read the
  /// vault and one is due.
  private static func finish(_ context: PassContext) {
    let activity = context.activity
    let isPullDue =
      activity.hasRead && !activity.hasChanged && context.helper.sync.isDue(now: Int(context.helper.now))
    if activity.hasChanged {
      ShadowFolder.update(context.environment) { try PassStore(context).list().entries.map(\.name) }
    }
    guard isPullDue || activity.hasOutdatedNames else { return }
    releaseOutput(context.streams.output)
    PassStore.storeNames(context)
    if isPullDue { context.helper.sync.startDetached() }
  }

  /// Closes the output. Whoever reads it waits for its end, not for that of the process. No file that is opened later
  /// gets its number.
  private static func releaseOutput(_ descriptor: Int32) {
    let null = lockwise_open("/dev/null", O_WRONLY | O_CLOEXEC, 0)
    guard null >= 0 else { return }
    dup2(null, descriptor)
    close(null)
  }

  private static func report(_ error: any Error, _ context: PassContext) -> ExitCode {
    switch error {
    case let failure as PassFailure:
      if !failure.text.isEmpty { context.err(failure.text) }
      return failure.exitCode
    case VaultError.locked, PromptError.nobodyThere, PromptError.pinentryMissing:
      context.helper.diagnostics.error(context.helper.unlocker.lockedLine)
      return .locked
    default:
      let error = UserFacingError(error)
      context.helper.diagnostics.report(error)
      return error.exitCode
    }
  }

  /// Returns whether the arguments have the bytes that the process was given. Swift replaces what is not UTF-8, and an
  /// entry would get another name than the one that was typed.
  private static func areAsGiven(_ arguments: [String]) -> Bool {
    guard arguments.contains(where: { $0.unicodeScalars.contains("\u{FFFD}") }) else { return true }
    return zip(arguments, 0..<Int(CommandLine.argc)).allSatisfy { text, index in
      CommandLine.unsafeArgv[index].map { strcmp($0, text) == 0 } ?? false
    }
  }

  /// Returns the current time, milliseconds since 1970.
  private static func milliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private static func lastPart(_ path: String) -> String {
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    return name.isEmpty ? Self.name : name
  }
}
