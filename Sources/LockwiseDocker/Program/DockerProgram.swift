import Glibc
import LockwiseCLI
import LockwiseCore

/// The program `docker-credential-lockwise`, as docker, podman and users call it.
public enum DockerProgram {
  private static let name = "docker-credential-lockwise"
  /// The text of `--help`.
  private static let usage = """
    usage: docker-credential-lockwise <command>

    A credential helper for docker, podman, buildah, skopeo and helm. It keeps the logins of
    registries in the vault of lockwise-sync, and finds those saved in Firefox. Those programs
    run it. To set it up, write into ~/.docker/config.json:

      { "credsStore": "lockwise" }

    commands:
      get      print the login for the server URL on standard input
      store    save the login on standard input
      erase    delete what docker stored for the server URL on standard input
      list     print the server URLs and user names that docker stored
      version  show the version

    options:
      -h, --help  show this help
      --version   show the version

    """

  private static let commands = ["get", "store", "erase", "list", "version"]

  /// The maximum length of an input in bytes. docker itself has no limit.
  private static let inputLimit = 16 << 20

  /// Runs the program.
  ///
  /// - Parameter arguments: the arguments with the program's name in front.
  /// - Returns: the exit status.
  public static func run(_ arguments: [[UInt8]]) -> ExitCode {
    guard arguments.count == 2 else {
      Diagnostics.toStandardError(usage)
      return .usage
    }
    switch String(decoding: arguments[1], as: UTF8.self) {
    case "--help", "-h": return write(usage)
    case "--version", "version":
      return write("\(name) \(Version.current) (\(CryptoLibrary.version), \(VaultFile.libraryVersion))\n")
    case let command: return serve(command)
    }
  }

  /// Performs a command for docker, and reports a failure in docker's way.
  private static func serve(_ command: String) -> ExitCode {
    let diagnostics = Diagnostics(program: name)
    let configuration = Configuration(.ofProcess)
    do {
      guard commands.contains(command) else { throw DockerFailure.unknownCommand(command) }
      configuration.reportProblems(to: diagnostics)
      let directory = try VaultDirectory(configuration: configuration, exitCode: .failure)
      let helper = DockerHelper(
        configuration: configuration, diagnostics: diagnostics, directory: directory, clock: Milliseconds.now)
      do {
        try perform(command, helper)
      } catch VaultError.locked, PromptError.nobodyThere, PromptError.pinentryMissing {
        throw UserFacingError(helper.context.unlocker.lockedLine, exitCode: .failure)
      }
      return .success
    } catch let failure as DockerFailure {
      // A program reads the reason. For a user the text of an unknown command is followed by a hint.
      _ = write(failure.text + "\n")
      if case .unknownCommand = failure { hint(command, diagnostics) }
    } catch {
      let error = userFacing(error)
      // docker shows standard output in its own message. Others show standard error only.
      _ = write(PrintableText.of(error.message) + "\n")
      diagnostics.report(error)
    }
    return .failure
  }

  private static func perform(_ command: String, _ helper: DockerHelper) throws {
    switch command {
    case "get":
      let outcome = try GetOperation(helper: helper, server: readServerURL()).perform()
      try StandardOutput.write(outcome.credentials.json)
      if outcome.isPullDue { refresh(helper) }
    case "store": try StoreOperation(helper: helper, credentials: DockerCredentials(parsing: readInput())).perform()
    case "erase": try EraseOperation(helper: helper, server: readServerURL()).perform()
    default:
      try StandardOutput.write(ListOperation(helper: helper).perform())
      if helper.context.directory.hasVault, helper.context.sync.isDue { refresh(helper) }
    }
  }

  /// Starts a pull in the background. docker waits for the end of the output, not of the process.
  private static func refresh(_ helper: DockerHelper) {
    close(1)
    helper.context.sync.startDetached()
  }

  private static func readInput() throws -> SecretBytes {
    guard let input = FileDescriptor.readAll(0, limit: inputLimit) else {
      throw UserFacingError("cannot read docker's request from standard input", exitCode: .failure)
    }
    return input
  }

  /// Reads a server URL. One that is not UTF-8 has no login.
  private static func readServerURL() throws -> ServerURL {
    guard let text = try readInput().exposedText() else { throw DockerFailure.notFound }
    return try ServerURL(text)
  }

  private static func hint(_ command: String, _ diagnostics: Diagnostics) {
    guard isatty(2) == 1 else { return }
    if let nearest = NearestName.of(command, among: commands) { diagnostics.hint("did you mean: \(name) \(nearest)") }
    diagnostics.hint("see \(name) --help")
  }

  private static func userFacing(_ error: any Error) -> UserFacingError {
    switch error {
    case let error as DockerCredentials.Malformed:
      UserFacingError("cannot save the login: \(error.text)", exitCode: .failure)
    case let error as LoginRecordError: UserFacingError("cannot save the login: \(error)", exitCode: .failure)
    default: UserFacingError(error)
    }
  }

  private static func write(_ text: String) -> ExitCode {
    SecretBytes(utf8: text).withUnsafeBytes { FileDescriptor.writeAll(1, $0) } ? .success : .failure
  }
}
