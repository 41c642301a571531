import Glibc
import LockwiseCore

/// The program as git and people call it.
enum CommandLineProgram {
  static let name = "git-credential-lockwise"

  static let usage = """
    usage: git-credential-lockwise <operation>

    A git credential helper: answers git with the logins saved in Firefox, out of the vault that
    lockwise-sync keeps. git calls it; to set it up:

      git config --global credential.helper lockwise

    operations:
      get     read a description of a credential from standard input, print username and password
      store   accepted, does nothing yet
      erase   accepted, does nothing yet

    options:
      -h, --help  show this help
      --version   show the version

    """

  /// The most that git's description may hold. git itself has no limit; a helper needs one.
  private static let inputLimit = 16 << 20

  /// Runs the program.
  ///
  /// - Parameter arguments: without the program's name.
  /// - Returns: the exit status.
  static func run(_ arguments: [String]) -> Int32 {
    let diagnostics = Diagnostics(program: name)
    switch arguments.first {
    case nil:
      Diagnostics.toStandardError(usage)
      return ExitCode.usage.rawValue
    case "--help", "-h":
      write(SecretBytes(utf8: usage))
    case "--version":
      write(SecretBytes(utf8: "\(name) \(Version.current)\n"))
    case "get":
      return get(diagnostics)
    case let argument? where argument.hasPrefix("-"):
      diagnostics.error("unknown option \(argument)")
      diagnostics.hint("see \(name) --help")
      return ExitCode.usage.rawValue
    default:
      // git-credential(1): a helper must ignore operations that it does not know.
      break
    }
    return ExitCode.success.rawValue
  }

  private static func get(_ diagnostics: Diagnostics) -> Int32 {
    guard let input = ChildProcess.read(0, limit: inputLimit) else {
      diagnostics.error("cannot read git's request from standard input")
      return ExitCode.failure.rawValue
    }
    let request: GitCredentialRequest
    do {
      request = try GitCredentialRequest(parsing: input)
    } catch {
      diagnostics.error("git's request is malformed: \(error.text)")
      return ExitCode.failure.rawValue
    }
    let helper = GitCredentialHelper(environment: .ofProcess, diagnostics: diagnostics, now: time(nil))
    let answer = helper.answer(request)
    if let text = answer.text { write(text) }
    if let pull = answer.pull {
      // git waits for the end of our output, not of our process.
      close(1)
      pull.startDetached()
    }
    return ExitCode.success.rawValue
  }

  private static func write(_ text: SecretBytes) {
    text.withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        let count = Glibc.write(1, bytes.baseAddress.map { $0 + position }, bytes.count - position)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        position += count
      }
    }
  }
}

extension GitCredentialRequest.Malformed {
  /// One short phrase for people.
  var text: String {
    switch self {
    case .noSeparator: "a line without ="
    case .controlCharacter: "a control character where none may be"
    case .notUTF8: "text that is not UTF-8"
    case .badURL: "a url that is none"
    }
  }
}
