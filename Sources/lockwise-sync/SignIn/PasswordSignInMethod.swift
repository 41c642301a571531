import CLinux
import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The sign-in with e-mail address and password.
struct PasswordSignInMethod: SignInMethod {
  let servers: ServerOptions
  let options: PasswordOptions
  let clientIDs: OAuthClientIDs
  /// `nil` for a sign-in with OAuth.
  let browserIDKey: BrowserIDKeyKind?
  /// The address; `nil` to ask for it.
  let email: String?
  let terminal: TerminalPrompt?
  let context: SyncContext

  func signIn() throws -> SignInOutcome {
    let servers = try servers.configuration(transport: context.transport)
    let email = try email ?? askAddress()
    let questions = LoginQuestions(codeSource, context)
    defer { questions.clear() }
    let signIn = PasswordSignIn(
      servers: servers, transport: context.transport, clientIDs: clientIDs, browserIDKey: browserIDKey,
      questions: questions, clock: context.clock)
    return try withPassword(of: email, at: servers.contentRoot) { try signIn.signIn(email: email, password: $0) }
  }

  private func askAddress() throws -> String {
    guard let terminal else {
      throw UserFacingError(
        "cannot ask for the e-mail address without a terminal", hints: ["give it as an argument"],
        exitCode: .usage)
    }
    let answer = try terminal.ask("E-mail address: ")
    guard EmailAddress.isValid(answer) else { throw UserFacingError("not an e-mail address", exitCode: .usage) }
    return answer
  }

  private var codeSource: CodeSource? {
    if let otpCommand = options.otpCommand { return .command(otpCommand) }
    if let otpFd = options.otpFd {
      _ = lockwise_set_cloexec(otpFd, 1)
      return .descriptor(otpFd)
    }
    return terminal.map { .terminal($0) }
  }

  private func withPassword(
    of email: String, at server: String, signIn: (SecretBytes) throws -> SignInOutcome
  ) throws -> SignInOutcome {
    if options.passwordStdin {
      let password = try PasswordInput.firstLineOfStandardInput()
      context.interruption.begin()
      return try signIn(password)
    }
    guard let terminal else {
      throw UserFacingError(
        "cannot ask for the password without a terminal",
        hints: ["give it on standard input: --password-stdin"],
        exitCode: .usage)
    }
    // Each try counts towards the server's throttling.
    for remaining in [2, 1, 0] {
      do {
        let password = try terminal.askSecret("Password for \(email) at \(server): ")
        context.interruption.begin()
        return try signIn(password)
      } catch let error as AccountsError
        where error.errno == AccountsErrno.wrongPassword.rawValue && remaining > 0
      {
        context.diagnostics.error(error.userFacingError.message)
      }
    }
    throw PromptError.cancelled
  }
}

/// Passwords from a script.
enum PasswordInput {
  /// Reads the first line of standard input, without its line end.
  ///
  /// - Throws: `UserFacingError` if there is none.
  static func firstLineOfStandardInput(holding what: String = "password") throws -> SecretBytes {
    guard let input = FileDescriptor.readAll(0, limit: 65536) else {
      throw UserFacingError("cannot read the \(what) from standard input", exitCode: .usage)
    }
    let end = input.withUnsafeBytes { bytes in
      let lineFeed = bytes.firstIndex(of: 0x0A) ?? bytes.count
      return lineFeed > 0 && lineFeed < bytes.count && bytes[lineFeed - 1] == 0x0D ? lineFeed - 1 : lineFeed
    }
    guard end > 0 else { throw UserFacingError("cannot read the \(what): standard input is empty", exitCode: .usage) }
    return input[0..<end]
  }
}
