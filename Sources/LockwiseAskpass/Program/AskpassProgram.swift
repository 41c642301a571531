import Glibc
import LockwiseCLI
import LockwiseCore

/// The program `lockwise-askpass`, as ssh, sudo, git and users call it.
public enum AskpassProgram {
  private static let name = "lockwise-askpass"
  /// The text of `--help`.
  private static let usage = """
    usage: lockwise-askpass <prompt>
           lockwise-askpass <command> <arguments>

    Answers ssh, sudo and git with the passwords saved in Firefox, from the vault of
    lockwise-sync. It asks you for everything else. ssh, sudo and git run it. To set it up:

      lockwise-askpass configure ssh

    commands:
      save ssh <user>@<host>[:<port>]   save the password of an ssh account
      save key <path>                   save the passphrase of an ssh key
      save sudo [<user>]                save the password of sudo on this machine
      explain <prompt>                  show what would answer a prompt, but no secret
      configure ssh|git|sudo|systemd    print the settings to use it; changes nothing

    options:
      --help     show this help
      --version  show the version

    A single argument is always a prompt, except for these two options.

    """

  private static let commands = ["save", "explain", "configure"]

  /// Runs the program.
  ///
  /// - Parameter arguments: the arguments with the program's name in front.
  /// - Returns: the exit status.
  public static func run(_ arguments: [String]) -> ExitCode {
    let arguments = Array(arguments.dropFirst())
    switch arguments.count {
    case 0:
      Diagnostics.toStandardError(usage)
      return .usage
    case 1:
      // A server may have written the prompt, so no command has one argument only.
      if arguments[0] == "--help" { return write(usage) }
      if arguments[0] == "--version" {
        return write("\(name) \(Version.current) (\(CryptoLibrary.version), \(VaultFile.libraryVersion))\n")
      }
      return answer(ProcessArguments.bytes[1])
    default: return perform(arguments)
    }
  }

  /// Answers a prompt.
  private static func answer(_ prompt: [UInt8]) -> ExitCode {
    let messages = HeldMessages()
    let parent = getppid()
    guard let context = context(of: prompt, asker: AskerSearch().find(from: Int(parent)), messages) else {
      messages.show()
      return .failure
    }
    return PromptRun(
      context: context, hint: PromptHint(context.helper.configuration.environment.value("SSH_ASKPASS_PROMPT")),
      messages: messages, parent: parent
    ).perform()
  }

  /// Makes the context of a prompt; `nil` if the vault's directory cannot be determined, which is reported.
  private static func context(of prompt: [UInt8], asker: Asker?, _ messages: HeldMessages) -> PromptContext? {
    let configuration = Configuration(.ofProcess)
    let diagnostics = messages.diagnostics(of: name)
    configuration.reportProblems(to: diagnostics)
    let directory: VaultDirectory
    do { directory = try VaultDirectory(configuration: configuration) } catch {
      diagnostics.report(error)
      return nil
    }
    let scope = scope(configuration, asker)
    let helper = HelperContext(
      configuration: configuration, diagnostics: diagnostics, directory: directory, purpose: UnlockPurpose(name),
      clock: Milliseconds.now, permitted: scope, command: { command(of: asker) })
    let question = Question(prompt, sudoPrompts: asker?.kind == .sudo ? sudoPrompts(configuration) : [])
    return PromptContext(
      helper: helper, prompt: prompt, question: question, asker: asker, scope: scope, boot: ProcReader().boot)
  }

  /// Where the user may be asked. git forbids its terminal with `GIT_TERMINAL_PROMPT` (git(1)).
  private static func scope(_ configuration: Configuration, _ asker: Asker?) -> PromptScope {
    if configuration.isOn("LOCKWISE_NO_PROMPT") { return .nowhere }
    let environment = configuration.environment
    let isForbidden =
      asker?.kind == .git && environment.value("GIT_TERMINAL_PROMPT") != nil
      && !environment.isOn("GIT_TERMINAL_PROMPT")
    return isForbidden ? .window : .anywhere
  }

  /// The site's own prompts of sudo.
  private static func sudoPrompts(_ configuration: Configuration) -> [SudoPrompt] {
    [configuration["LOCKWISE_SUDO_PROMPT"], configuration.environment["SUDO_PROMPT"]].compactMap { $0 }.map {
      SudoPrompt($0, runner: configuration.environment["LOGNAME"] ?? "", machine: Destination.machine ?? "")
    }
  }

  /// The command that the user gave: the topmost of the programs above this one that ask, or the one that asks.
  private static func command(of asker: Asker?) -> ProcessIdentity? {
    let hosts: Set = ["ssh", "ssh-add", "ssh-keygen", "scp", "sftp", "rsync", "sudo", "git"]
    return ProcessIdentity.topmost(
      from: Int(getppid()), where: { hosts.contains($0) || $0.hasPrefix("git-") }) ?? asker?.identity
  }

  /// Performs a command of the user.
  private static func perform(_ arguments: [String]) -> ExitCode {
    let diagnostics = Diagnostics(program: name)
    do {
      switch arguments[0] {
      case "configure": return write(try ConfigureCommand(arguments.dropFirst(), .ofProcess).text)
      case "explain":
        guard arguments.count == 2 else { throw misuse("explain needs one prompt: quote it") }
        let messages = HeldMessages()
        let context = context(of: ProcessArguments.bytes[2], asker: AskerSearch().find(from: Int(getppid())), messages)
        messages.show()
        guard let context else { return .usage }
        return write(ExplainCommand(context: context).text)
      case "save": return try save(arguments, diagnostics)
      default:
        let nearest = NearestName.of(arguments[0], among: commands).map { "did you mean: \(name) \($0)" }
        throw UserFacingError(
          "unknown command \(arguments[0]); a prompt is a single argument",
          hints: [nearest, "see \(name) --help"].compactMap(\.self), exitCode: .usage)
      }
    } catch VaultError.locked, PromptError.nobodyThere, PromptError.pinentryMissing {
      diagnostics.error("the vault is locked")
      diagnostics.hint("unlock it: lockwise-sync unlock")
      return .locked
    } catch {
      let error = UserFacingError(error)
      diagnostics.report(error)
      return error.exitCode
    }
  }

  private static func save(_ arguments: [String], _ diagnostics: Diagnostics) throws -> ExitCode {
    let configuration = Configuration(.ofProcess)
    configuration.reportProblems(to: diagnostics)
    let directory = try VaultDirectory(configuration: configuration)
    let helper = HelperContext(
      configuration: configuration, diagnostics: diagnostics, directory: directory,
      purpose: UnlockPurpose("\(name) save"), clock: Milliseconds.now, permitted: .anywhere, command: { nil })
    try SaveCommand(helper: helper).perform(arguments.dropFirst())
    return .success
  }

  private static func misuse(_ message: String) -> UserFacingError {
    UserFacingError(message, hint: "see \(name) --help", exitCode: .usage)
  }

  private static func write(_ text: String) -> ExitCode {
    SecretBytes(utf8: text).withUnsafeBytes { FileDescriptor.writeAll(1, $0) } ? .success : .failure
  }
}
