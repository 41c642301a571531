import ArgumentParser
import CLinux
import Glibc
import LockwiseAccounts
import LockwiseCore

struct LoginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: "Sign in to a Mozilla account and make the vault.",
    discussion: """
      Asks for the account's password and, unless --key-file or --passphrase-command is given, for a new passphrase \
      for the vault. What stays afterwards is a token limited to Sync and the Sync key, sealed in the vault; the \
      password and the session are forgotten. Where there is a vault of the same account already, its sign-in is \
      renewed and its logins are kept.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The accounts server's web address.", valueName: "url"))
  var server = ServerConfiguration.productionContentRoot

  @Flag(help: "Take the account's password from the first line of standard input.")
  var passwordStdin = false

  @Option(
    help: ArgumentHelp(
      "Unlock the vault with this file instead of a passphrase; made if it does not exist.", valueName: "path"
    ))
  var keyFile: String?

  @Option(
    help: ArgumentHelp(
      "Unlock the vault with the first line that this shell command prints. The command is kept in clear.",
      valueName: "command"))
  var passphraseCommand: String?

  @Option(
    help: ArgumentHelp(
      "Take codes that the account asks for from the first line that this shell command prints.",
      valueName: "command"))
  var otpCommand: String?

  @Option(help: ArgumentHelp("Take such codes from the lines of this open file descriptor.", valueName: "number"))
  var otpFd: Int32?

  @Argument(help: "The account's e-mail address; asked for if not given.")
  var email: String?

  func validate() throws {
    if keyFile != nil, passphraseCommand != nil {
      throw ValidationError("--key-file and --passphrase-command cannot go together")
    }
    if passwordStdin, email == nil { throw ValidationError("--password-stdin needs the e-mail address") }
    if otpCommand != nil, otpFd != nil { throw ValidationError("--otp-command and --otp-fd cannot go together") }
    if passwordStdin, otpFd == 0 {
      throw ValidationError("--password-stdin and --otp-fd 0 cannot go together: the one reads all of standard input")
    }
    var info = stat()
    if let otpFd, fstat(otpFd, &info) != 0 { throw ValidationError("--otp-fd \(otpFd) is not open") }
    if let email, !Self.isAddress(email) { throw ValidationError("that is no e-mail address") }
  }

  /// What the accounts server would take at all.
  static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
      && !text.unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 0x20 }
  }

  func run() throws {
    let context = try SyncContext(common)
    do {
      _ = try WebAddress(server)
    } catch {
      throw Explained(error.description, hints: [error.hint].compactMap(\.self), exit: .usage)
    }
    let terminal = TerminalPrompt()
    defer { terminal?.finish() }
    let vault = try VaultToSignInTo(
      keyFile: keyFile, command: passphraseCommand, terminal: terminal, context)
    let servers = try ServerConfiguration.discover(contentRoot: server, transport: context.transport)
    let email = try email ?? askAddress(terminal)
    let questions = LoginQuestions(codeSource(terminal), context)
    defer { questions.clear() }
    let outcome = try signIn(
      email: email, with: PasswordSignIn(servers: servers, transport: context.transport, questions: questions),
      at: servers.contentRoot, terminal: terminal, context)
    questions.clear()
    if let problem = outcome.sessionLeftOver {
      context.diagnostics.notice(
        "the session could not be ended on the server: \(Explanation(ofAny: problem).error)")
      context.diagnostics.hint("it ends by itself after four weeks; it was forgotten here")
    }
    do {
      context.interruption.take()
      if context.interruption.wasAsked { throw PromptError.cancelled }
      try vault.keep(outcome)
    } catch {
      // What ended a prompt must not end this.
      context.interruption.take()
      // Nothing may stay on the server that nobody here knows of.
      try? SignOut(transport: context.transport).signOut(outcome.account)
      throw error
    }
    context.diagnostics.notice("signed in as \(email)")
    context.diagnostics.hint("fetch the logins: lockwise-sync pull")
  }

  private func askAddress(_ terminal: TerminalPrompt?) throws -> String {
    guard let terminal else {
      throw Explained(
        "there is no terminal to ask for the e-mail address at", hints: ["give it as an argument"],
        exit: .usage)
    }
    let answer = try terminal.ask("E-mail address: ")
    guard Self.isAddress(answer) else { throw Explained("that is no e-mail address", exit: .usage) }
    return answer
  }

  private func codeSource(_ terminal: TerminalPrompt?) -> CodeSource? {
    if let otpCommand { return .command(otpCommand) }
    if let otpFd {
      _ = lockwise_set_cloexec(otpFd, 1)
      return .descriptor(otpFd)
    }
    return terminal.map { .terminal($0) }
  }

  private func signIn(
    email: String, with signIn: PasswordSignIn, at server: String, terminal: TerminalPrompt?, _ context: SyncContext
  ) throws -> PasswordSignIn.Outcome {
    if passwordStdin {
      let password = try PasswordInput.firstLineOfStandardInput()
      context.interruption.begin()
      return try signIn.signIn(email: email, password: password)
    }
    guard let terminal else {
      throw Explained(
        "there is no terminal to ask for the password at",
        hints: ["give it on standard input: --password-stdin"],
        exit: .usage)
    }
    // Each try counts towards the server's throttling.
    for remaining in [2, 1, 0] {
      do {
        let password = try terminal.askSecret("Password for \(email) at \(server): ")
        context.interruption.begin()
        return try signIn.signIn(email: email, password: password)
      } catch let error as AccountsError
        where error.errno == AccountsErrno.wrongPassword.rawValue && remaining > 0
      {
        context.diagnostics.error(error.description)
      }
    }
    throw PromptError.cancelled
  }
}
