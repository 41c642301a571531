import Glibc
import LockwiseCLI
import LockwiseCore

/// The program `git-credential-lockwise`, as git and users call it.
public enum GitCredentialProgram {
  static let name = "git-credential-lockwise"

  static let usage = """
    usage: git-credential-lockwise <operation>

    A git credential helper. It gives git the logins saved in Firefox, from the vault of
    lockwise-sync, and saves the logins that hosts accept. git runs it. To set it up:

      git-credential-lockwise configure

    operations:
      get          print a login for the request on standard input
      store        save a login that a host has accepted
      erase        stop offering a login that a host has rejected
      capability   print the supported features of the protocol
      configure    add it to your credential helpers (--system: to the machine's)
      unconfigure  remove it from them; other helpers stay

    options:
      --global    configure, unconfigure: change your configuration of git (the default)
      --system    configure, unconfigure: change the machine's configuration
      -h, --help  show this help
      --version   show the version

    """

  /// The libraries in the program. System updates do not replace them in a static program.
  private static var libraries: String { "\(CryptoLibrary.version), \(VaultFile.libraryVersion)" }

  private static let operations = ["get", "store", "erase", "capability", "configure", "unconfigure"]

  /// The maximum length of a request in bytes. git itself has no limit.
  private static let inputLimit = 16 << 20

  /// Runs the program.
  ///
  /// - Parameter arguments: the arguments without the program's name.
  /// - Returns: the exit status.
  public static func run(_ arguments: [String]) -> ExitCode {
    let diagnostics = Diagnostics(program: name)
    let configuring = ConfigureCommand(environment: .ofProcess, diagnostics: diagnostics)
    switch arguments.first {
    case nil:
      Diagnostics.toStandardError(usage)
      Diagnostics.toStandardError(configuring.status() + "\n")
      for line in refusals() { Diagnostics.toStandardError(PrintableText.of(line) + "\n") }
      return .usage
    case "--help", "-h":
      write(SecretBytes(utf8: usage))
    case "--version":
      write(SecretBytes(utf8: "\(name) \(Version.current) (\(libraries))\n"))
    case "capability":
      write(SecretBytes(utf8: "version 0\ncapability authtype\ncapability state\n"))
    case "get", "store", "erase":
      return serve(arguments[0], diagnostics)
    case "configure", "unconfigure":
      guard let scope = ConfigureCommand.scope(Array(arguments.dropFirst())) else {
        diagnostics.error("\(arguments[0]) accepts only --global or --system")
        diagnostics.hint("see \(name) --help")
        return .usage
      }
      return arguments[0] == "configure" ? configuring.configure(scope) : configuring.unconfigure(scope)
    case let argument? where argument.hasPrefix("-"):
      diagnostics.error("unknown option \(argument)")
      diagnostics.hint("see \(name) --help")
      return .usage
    case let argument?:
      // A helper must ignore unknown operations (git-credential(1)). git never runs it with a terminal as standard
      // input.
      guard isatty(0) == 1, isatty(2) == 1 else { break }
      diagnostics.error("unknown operation \(argument)")
      if let nearest = NearestName.of(argument, among: operations) {
        diagnostics.hint("did you mean: \(name) \(nearest)")
      }
      diagnostics.hint("see \(name) --help")
      return .usage
    }
    return .success
  }

  /// Performs an operation for git.
  private static func serve(_ operation: String, _ diagnostics: Diagnostics) -> ExitCode {
    let configuration = Configuration(.ofProcess)
    if operation == "get" || configuration.file.refusal != nil { configuration.reportProblems(to: diagnostics) }
    let directory: VaultDirectory
    do { directory = try VaultDirectory(configuration: configuration) } catch {
      diagnostics.report(error)
      return .success
    }
    // Without a vault there is nothing to change.
    guard operation == "get" || directory.hasVault else { return .success }
    guard let input = FileDescriptor.readAll(0, limit: inputLimit) else {
      diagnostics.error("cannot read git's request from standard input")
      return .failure
    }
    let helper = GitHelper(
      configuration: configuration, diagnostics: diagnostics, directory: directory, clock: Milliseconds.now)
    let (status, outcome) = helper.perform(operation, input)
    answer(outcome)
    return status
  }

  /// Returns a line for each refused login, or a single line if the vault is locked.
  private static func refusals() -> [String] {
    let configuration = Configuration(.ofProcess)
    guard let directory = try? VaultDirectory(configuration: configuration), directory.hasVault else { return [] }
    let helper = GitHelper(
      configuration: configuration, diagnostics: Diagnostics(program: name), directory: directory,
      clock: Milliseconds.now)
    guard let vault = try? helper.context.vaultWithoutPrompting() else {
      return ["the vault is locked: the logins that are not offered are unknown. To unlock it: lockwise-sync unlock"]
    }
    return ((try? vault.refusedLogins(now: helper.context.now)) ?? []).map { login in
      "not offered until \(login.until.localTime): \(login.name), refused by \(login.origin)"
    }
  }

  private static func answer(_ outcome: GetOperation.Outcome) {
    if let text = outcome.text { write(text) }
    if let pull = outcome.pull {
      // git waits for the end of the output, not of the process.
      close(1)
      pull.startDetached()
    }
  }

  private static func write(_ text: SecretBytes) { _ = text.withUnsafeBytes { FileDescriptor.writeAll(1, $0) } }
}
