import ArgumentParser
import LockwiseCLI
import LockwiseCore

/// The first part of `setup`: makes the vault if there is none.
struct SetupSignIn {
  let options: SetupCommand
  let context: SyncContext
  let output: SetupOutput
  /// Asks the user; `nil` if there is no terminal.
  let terminal: TerminalPrompt?

  /// Makes the vault, and fetches the logins.
  ///
  /// - Throws: the errors of `login`; `UserFacingError`; `PromptError.cancelled`.
  func run() throws {
    guard !context.directory.hasVault else {
      output.say("vault: set up already (\(context.directory.path))")
      if let choice = options.signIn, choice != .none {
        context.diagnostics.hint("to sign in again: lockwise-sync login")
      }
      return
    }
    guard let offer = try choose(), offer.choice != .none else { return }
    guard !options.dryRun else { return output.say("vault: creates it in \(context.directory.path) (\(offer.text))") }
    let login = try LoginCommand.parse(arguments(offer))
    try login.run(showsNextSteps: false)
  }

  private func arguments(_ offer: SignInOffer) -> [String] {
    var arguments: [String] = options.common.verbose ? ["--verbose"] : []
    switch offer.choice {
    case .firefox: arguments.append("--from-firefox")
    case .local: arguments.append("--local")
    case .browser: arguments.append("--browser")
    case .password, .none: break
    }
    if offer.choice != .local, let server = options.server { arguments += ["--server", server] }
    if let keyFile = options.keyFile { arguments += ["--key-file", keyFile] }
    if let command = options.passphraseCommand { arguments += ["--passphrase-command", command] }
    return arguments + (offer.argument.map { ["--", $0] } ?? [])
  }

  /// The choice that the options make, or the user; `nil` if there is none to make.
  private func choose() throws -> SignInOffer? {
    if let choice = options.signIn {
      return SignInOffer(choice: choice, argument: options.source, text: choice.rawValue)
    }
    guard options.steps.named.isEmpty else { return nil }
    let offers = SignInOffer.all(context)
    if options.yes {
      // Only what is on this machine can be chosen for the user.
      if let first = offers.first, first.choice.namesProfile { return first }
      throw UserFacingError(
        "cannot choose a sign-in method: no Firefox on this machine has an account or logins",
        hints: ["name one: lockwise-sync setup --yes --sign-in browser, password or none"], exitCode: .usage)
    }
    guard !options.dryRun, let terminal else {
      output.say("vault: creates it in \(context.directory.path), with logins from one of these:")
      for offer in offers { output.say("  " + offer.text) }
      return nil
    }
    return try ask(offers, terminal)
  }

  private func ask(_ offers: [SignInOffer], _ terminal: TerminalPrompt) throws -> SignInOffer {
    terminal.show("Where do the logins come from?")
    for (index, offer) in offers.enumerated() { terminal.show("  \(index + 1)  \(offer.text)") }
    while true {
      let line = try terminal.ask("Number [1]: ")
      if line.isEmpty { return offers[0] }
      if let number = Int(line), offers.indices.contains(number - 1) { return offers[number - 1] }
      terminal.show("Type a number from 1 to \(offers.count).")
    }
  }
}
