import ArgumentParser
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSetup

struct SetupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "setup", abstract: "Make the vault and let other programs use it.",
    discussion: """
      Makes the vault if there is none, from a Firefox on this machine or an account, and fetches the logins. Then asks \
      for each program that is installed whether it may use the vault, and shows what would change. What is set up \
      already is named and left as it is, so the command can be run again at any time. unsetup undoes its changes.

      Each answer is also an option. If options such as --git are given, only these programs are set up, without a \
      question.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Choose where the logins come from.", valueName: "method"))
  var signIn: SignInChoice?

  @Option(help: ArgumentHelp("Use this accounts server.", valueName: "url"))
  var server: String?

  @Option(
    help: ArgumentHelp("Unlock the vault with this file, created if missing.", valueName: "path"), completion: .file())
  var keyFile: String?

  @Option(
    help: ArgumentHelp("Unlock the vault with the first line this command prints.", valueName: "command"))
  var passphraseCommand: String?

  @OptionGroup(title: "Programs") var steps: StepOptions

  @Flag(help: "Accept the default answer to every question.")
  var yes = false

  @Flag(help: "Show what would change, and change nothing.")
  var dryRun = false

  @Argument(
    help: ArgumentHelp(
      "With --sign-in: the profile, or the account's e-mail address.", valueName: "profile or email"))
  var source: String?

  func validate() throws {
    if source != nil, signIn == nil || signIn == SignInChoice.none {
      throw ValidationError("a profile or an e-mail address requires --sign-in")
    }
    if let source, let signIn, !signIn.namesProfile, !EmailAddress.isValid(source) {
      throw ValidationError("not an e-mail address")
    }
    if keyFile != nil, passphraseCommand != nil {
      throw ValidationError("--key-file and --passphrase-command cannot be combined")
    }
  }

  func run() throws {
    let context = try SyncContext(common)
    let setup = try SetupContext(
      environment: context.environment, program: ExecutablePath.own, vault: context.directory.path)
    let terminal = TerminalPrompt()
    defer { terminal?.finish() }
    guard terminal != nil || yes || dryRun || !steps.named.isEmpty else {
      throw UserFacingError(
        "cannot ask without a terminal; nothing was changed",
        hints: [
          "see what would change: lockwise-sync setup --dry-run", "in a script, give --yes or options such as --git",
        ],
        exitCode: .usage)
    }
    let output = SetupOutput()
    try SetupSignIn(options: self, context: context, output: output, terminal: terminal).run()
    var outcome = SetupSteps.Outcome()
    do {
      try SetupSteps(options: self, context: context, setup: setup, output: output, terminal: terminal).run(&outcome)
    } catch {
      finish(outcome, setup, context, isComplete: false)
      throw error
    }
    finish(outcome, setup, context, isComplete: true)
    if outcome.hasFailed { throw ArgumentParser.ExitCode(LockwiseCore.ExitCode.failure.rawValue) }
  }

  /// Reports how to go on.
  private func finish(_ outcome: SetupSteps.Outcome, _ setup: SetupContext, _ context: SyncContext, isComplete: Bool) {
    let diagnostics = context.diagnostics
    if dryRun { return diagnostics.notice("nothing was changed") }
    if outcome.done.contains(where: { [.ssh, .sudo, .pass].contains($0) }) {
      diagnostics.hint("log in again, so that your shell sets the variables")
    }
    if !outcome.done.isEmpty { diagnostics.hint("to undo these changes: lockwise-sync unsetup") }
    guard isComplete else { return diagnostics.hint("to go on: lockwise-sync setup") }
    if !context.directory.hasVault {
      diagnostics.hint("there is no vault yet; to make it: lockwise-sync setup")
    } else if outcome.setUp.contains(.git) {
      diagnostics.hint("try it: git clone https://HOST/PRIVATE-REPOSITORY")
    }
  }
}
