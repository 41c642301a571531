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
    // A script written for pass with the extension also runs with this program in place of pass.
    let rest = Array(arguments.dropFirst().drop { $0 == "lockwise" })
    let diagnostics = Diagnostics(program: program)
    if let text = rest.first.flatMap({ ProgramInformation.text(of: $0, program: program) }) {
      return inform(text, diagnostics)
    }
    let configuration = Configuration(.ofProcess)
    let directory: VaultDirectory
    do { directory = try VaultDirectory(configuration: configuration) } catch {
      diagnostics.report(error)
      return error.exitCode
    }
    configuration.reportProblems(to: diagnostics)
    let helper = HelperContext(
      configuration: configuration, diagnostics: diagnostics, directory: directory, purpose: UnlockPurpose(program),
      clock: Milliseconds.now, permitted: .anywhere, command: { nil })
    return run(rest, PassContext(helper: helper, program: program))
  }

  /// Prints a text about the program.
  private static func inform(_ text: String, _ diagnostics: Diagnostics) -> ExitCode {
    do {
      try SecretBytes(utf8: text).withUnsafeBytes { try PassContext.write($0, to: 1) }
      return .success
    } catch let failure as PassFailure {
      return failure.exitCode
    } catch {
      diagnostics.report(UserFacingError(error))
      return UserFacingError(error).exitCode
    }
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
    if let command = CommandTable.command(named: first) {
      context.command = first
      return try command.init(context).run(rest)
    }
    if let path = ExtensionProgram.find(first, context.environment) {
      throw ChildProcess.replaceProcess(with: path, rest.map { Array($0.utf8) }, environment: context.environment)
    }
    return try ShowCommand(context).run(arguments)
  }

  /// Does what later runs profit from: stores names and bodies, and starts a pull in the background if the command read the
  /// vault and one is due.
  private static func finish(_ context: PassContext) {
    let activity = context.activity
    let isPullDue =
      activity.hasRead && !activity.hasChanged && context.helper.sync.isDue
    if activity.hasChanged {
      ShadowFolder.update(context.environment) { try PassStore(context).list().entries.map(\.name) }
    }
    guard isPullDue || !activity.outdatedCaches.isEmpty else { return }
    StandardOutput.release(context.streams.output)
    PassStore.storeCaches(context)
    if isPullDue { context.helper.sync.startDetached() }
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
    return zip(arguments, ProcessArguments.bytes).allSatisfy { $0.utf8.elementsEqual($1) }
  }

  private static func lastPart(_ path: String) -> String {
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    return name.isEmpty ? Self.name : name
  }
}
