import LockwiseAccounts
import LockwiseCore

/// The vault that a sign-in goes to: a new one, or the one that is there, unlocked.
struct VaultToSignInTo {
  private enum Kind {
    case new(NewVaultKey)
    case existing(Vault, SignedInAccount)
  }

  private let kind: Kind
  private let context: SyncContext

  /// Finds out before anything is sent whether the sign-in can be kept.
  ///
  /// - Throws: `VaultError`, `PromptError`; `Explained` if there is nobody to choose a passphrase, or a way to the key
  ///   is given for a vault that has one.
  init(keyFile: String?, command: String?, terminal: TerminalPrompt?, _ context: SyncContext) throws {
    self.context = context
    guard context.directory.hasVault else {
      kind = .new(
        try NewVaultKey(keyFile: keyFile, command: command, terminal: terminal, environment: context.environment))
      return
    }
    guard keyFile == nil, command == nil else { throw VaultError.exists(directory: context.directory.path) }
    let vault = try context.unlockedVault(.writing)
    kind = .existing(vault, try context.account(in: vault))
  }

  /// Keeps the sign-in.
  ///
  /// - Throws: `VaultError`; `Explained` if the vault is another account's, which it then stays.
  func keep(_ outcome: PasswordSignIn.Outcome) throws {
    switch kind {
    case .new(let key): try create(key, outcome)
    case .existing(let vault, let previous): try renew(vault, previous, outcome)
    }
  }

  private func create(_ key: NewVaultKey, _ outcome: PasswordSignIn.Outcome) throws {
    let vault = try VaultFile.create(
      in: context.directory, slots: [key.slot()],
      documents: [.account: outcome.account.document(), .accessToken: outcome.accessToken.document()],
      random: SystemRandom())
    let isKept = context.environment.seconds("LOCKWISE_UNLOCK_TIME", fallback: 1) > 0
    if isKept, !context.session(of: vault.file).save(vault) {
      context.diagnostics.notice("this system has no kernel keyring: the vault stays locked between commands")
    }
  }

  private func renew(_ vault: Vault, _ previous: SignedInAccount, _ outcome: PasswordSignIn.Outcome) throws {
    guard outcome.account.uid == previous.uid else {
      throw Explained(
        "the vault in \(context.directory.path) belongs to another account",
        hints: ["sign out first (lockwise-sync logout), or name another directory in LOCKWISE_HOME"], exit: .failure)
    }
    try outcome.account.save(to: vault)
    do {
      try SignOut(transport: context.transport).signOut(previous)
    } catch {
      context.diagnostics.notice("the earlier token could not be revoked: \(Explanation(ofAny: error).error)")
    }
  }
}
