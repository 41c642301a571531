import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The sign-in on the server's own page in a browser.
struct BrowserSignInMethod: SignInMethod {
  let servers: ServerOptions
  let options: BrowserOptions
  let clientIDs: OAuthClientIDs
  /// The address of the account to sign in to; `nil` for any.
  let email: String?
  let terminal: TerminalPrompt?
  let context: SyncContext

  func signIn() throws -> SignInOutcome {
    if options.loopback == nil, !options.answerStdin, !options.watchFirefox, terminal == nil {
      throw UserFacingError(
        "cannot ask for the address of the last page without a terminal",
        hints: ["give --answer-stdin, --watch-firefox or --redirect-uri http://127.0.0.1:PORT/PATH"], exitCode: .usage)
    }
    let receiver = try options.loopback.map { try LoopbackReceiver($0) }
    let signIn = try BrowserSignIn(
      servers: servers.configuration(transport: context.transport), transport: context.transport, clientIDs: clientIDs,
      redirectURI: receiver?.address.uri ?? options.redirectURI, email: email, clock: context.clock)
    let profiles =
      options.watchFirefox ? try FirefoxProfiles(environment: context.environment).all.map(\.directory) : []
    if options.watchFirefox, profiles.isEmpty { throw BrowserSignInError.noHistory }
    let start = context.clock.now()
    // Before the wait becomes visible.
    if receiver != nil || options.watchFirefox { context.interruption.begin() }
    let opened = show(signIn)
    defer { withExtendedLifetime(opened) {} }
    if let receiver { return try signIn.finish(redirect(to: receiver, signIn)) }
    if options.watchFirefox { return try signIn.finish(watch(profiles, since: start, signIn)) }
    if options.answerStdin {
      let answer = try AuthorizationResponse(pasted: PasswordInput.firstLineOfStandardInput(holding: "address"))
      context.interruption.begin()
      return try signIn.finish(answer, mayLackState: true)
    }
    return try ask(signIn)
  }

  /// Shows the page's address, and opens the page.
  ///
  /// - Returns: the address that redirects the browser; it works until the value is released.
  private func show(_ signIn: BrowserSignIn) -> PrivateAddress? {
    context.diagnostics.notice("sign in on this page:")
    // Alone on its line, so that it can be copied.
    Diagnostics.toStandardError(signIn.url + "\n")
    guard !options.noBrowser else { return nil }
    let opener = BrowserOpener(environment: context.environment)
    if opener.hasScreen, let address = try? PrivateAddress(leadingTo: signIn.url), opener.open(address) {
      return address
    }
    context.diagnostics.notice("cannot open a browser; open the page yourself")
    return nil
  }

  // MARK: Sources of the response

  /// Asks at the terminal, where wrong text is easily pasted.
  private func ask(_ signIn: BrowserSignIn) throws -> SignInOutcome {
    guard let terminal else { throw PromptError.nobodyThere }
    context.diagnostics.notice(
      "when the page says that you are signed in, copy the address of that page and paste it here")
    for remaining in [2, 1, 0] {
      do {
        let answer = try AuthorizationResponse(pasted: SecretBytes(utf8: terminal.ask("Address or code: ")))
        guard signIn.isAnswered(by: answer, mayLackState: true) else { throw BrowserSignInError.wrongState }
        context.interruption.begin()
        return try signIn.finish(answer, mayLackState: true)
      } catch let error as BrowserSignInError where error.isOfPasting && remaining > 0 {
        context.diagnostics.report(error.userFacingError)
      }
    }
    throw PromptError.cancelled
  }

  private func redirect(to receiver: LoopbackReceiver, _ signIn: BrowserSignIn) throws -> AuthorizationResponse {
    let answer = try receiver.wait(
      timeout: Milliseconds(BrowserSignIn.timeout),
      isOurs: { signIn.isAnswered(by: $0, mayLackState: false) },
      pause: { try context.interruption.wait(milliseconds: $0, input: $1) })
    guard let answer else { throw BrowserSignInError.noResponse }
    return answer
  }

  private func watch(
    _ profiles: [String], since start: Milliseconds, _ signIn: BrowserSignIn
  ) throws -> AuthorizationResponse {
    let history = FirefoxHistory(
      profiles: profiles, redirectURI: signIn.redirectURI, since: start,
      scratch: FirefoxHistory.scratch(environment: context.environment))
    for _ in 0..<BrowserSignIn.timeout.rawValue {
      try context.interruption.wait(milliseconds: 1000)
      if let answer = history.look(isOurs: { signIn.isAnswered(by: $0, mayLackState: false) }) { return answer }
    }
    throw BrowserSignInError.noResponse
  }
}

extension BrowserSignInError {
  /// Whether the user may paste another text.
  fileprivate var isOfPasting: Bool { [.notAResponse, .unfinished, .wrongState].contains(self) }
}

/// Opens an address in the user's browser.
struct BrowserOpener {
  let environment: Environment

  /// Whether there is a screen for a browser.
  var hasScreen: Bool { environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil }

  /// Opens an address with `BROWSER` if that is one program, else with xdg-open(1), which supports its other forms.
  ///
  /// The address appears in the program's arguments, where other users of the machine can see it, so it must be useless
  /// to them.
  ///
  /// - Returns: whether a program was started.
  func open(_ address: PrivateAddress) -> Bool {
    let named = environment["BROWSER"].flatMap { $0.contains { " %:".contains($0) } ? nil : $0 }
    do {
      try ChildProcess.launch(named ?? "xdg-open", [address.url], environment: environment)
      return true
    } catch {
      return false
    }
  }
}
