import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The vault for a sign-in: a new one, or the existing one, unlocked.
struct SignInTarget {
  private enum Kind {
    case new(NewVaultKey)
    case existing(Vault, SignedInAccount)
  }

  private let kind: Kind
  private let mayReplace: Bool
  private let context: SyncContext

  /// Checks before anything is sent whether the sign-in can be stored.
  ///
  /// - Throws: `VaultError`, `PromptError`; `UserFacingError` if there is no terminal to choose a passphrase, or a key
  ///   is given that an existing vault does not have.
  init(_ options: VaultOptions, terminal: TerminalPrompt?, _ context: SyncContext) throws {
    self.context = context
    mayReplace = options.replace
    guard context.directory.hasVault else {
      kind = .new(
        try NewVaultKey(
          keyFile: options.keyFile, command: options.passphraseCommand, terminal: terminal,
          configuration: context.configuration))
      return
    }
    try Self.checkSlots(options, context)
    let vault = try context.unlockedVault(.writing)
    kind = .existing(vault, try context.account(in: vault))
  }

  /// Refuses a key file or a command that does not open the vault.
  private static func checkSlots(_ options: VaultOptions, _ context: SyncContext) throws {
    let source: KeySlot.Source
    let option: String
    if let keyFile = options.keyFile {
      source = .keyFile(path: try NewVaultKey.absolutePath(keyFile))
      option = "--key-file"
    } else if let command = options.passphraseCommand {
      source = try .command(running: command)
      option = "--passphrase-command"
    } else {
      return
    }
    let file = try VaultFile(in: context.directory, access: .reading)
    guard try !file.slots().contains(where: { $0.source == source }) else { return }
    throw UserFacingError(
      "the vault in \(context.directory.path) has no slot for this \(option)",
      hints: ["add one: lockwise-sync slots add \(option)", "or renew the sign-in without \(option)"],
      exitCode: .failure)
  }

  /// The OAuth client id of the vault's sign-in; `nil` if there is none.
  var previousClientID: String? {
    guard case .existing(_, let previous) = kind, case .refreshToken(_, let id) = previous.grant else { return nil }
    return id
  }

  /// Refuses an account that the vault does not belong to, unless it may be replaced.
  ///
  /// - Throws: `UserFacingError`.
  func check(_ account: SignedInAccount) throws {
    guard case .existing(let vault, let previous) = kind, previous.uid != account.uid else { return }
    guard !mayReplace else {
      try UnsentChanges(in: vault)?.refuse(unless: false, "lockwise-sync logout --force, then login")
      return
    }
    throw UserFacingError(
      "the vault in \(context.directory.path) belongs to another account (\(previous.name))",
      hints: [
        "keep both: set LOCKWISE_HOME to another directory",
        "replace it: lockwise-sync logout first, or --replace to keep the vault's passphrase or key",
      ], exitCode: .failure)
  }

  /// Stores the sign-in.
  ///
  /// - Returns: the stored account.
  /// - Throws: `VaultError`.
  func keep(_ signIn: SignInCompletion.Completed) throws -> SignedInAccount {
    defer { ServerAddressFile.write(signIn.account.servers.contentRoot, in: context.directory) }
    switch kind {
    case .new(let key):
      try create(key, signIn)
      return signIn.account
    case .existing(let vault, let previous):
      let account = signIn.account.known(as: previous)
      try renew(vault, previous, signIn, account)
      return account
    }
  }

  private func create(_ key: NewVaultKey, _ signIn: SignInCompletion.Completed) throws {
    let slot = try key.slot()
    try key.writeCommand()
    let vault = try VaultFile.create(
      in: context.directory, slots: [slot], documents: signIn.documents, random: SystemRandom())
    do {
      try context.session(of: vault.file).save(vault)
    } catch {
      context.diagnostics.notice("the vault stays locked between commands: \(error.reason)")
      context.diagnostics.hint(error.hint)
    }
  }

  private func renew(
    _ vault: Vault, _ previous: SignedInAccount, _ signIn: SignInCompletion.Completed, _ account: SignedInAccount
  ) throws {
    let update = try vault.beginMirrorUpdate()
    if previous.uid != signIn.account.uid {
      try update.removeAll()
      for name in try update.documentNames() { try update.setDocument(name, to: nil) }
    }
    // Tokens of the earlier sign-in must never be used for this one.
    for name in [DocumentName.accessToken, .storageToken] {
      try update.setDocument(name, to: signIn.documents[name])
    }
    try update.setDocument(.account, to: account.document())
    try update.commit()
    for failure in SignOut(transport: context.transport).signOut(previous) {
      context.diagnostics.notice(
        "cannot revoke the earlier sign-in's \(failure.part.rawValue): \(UserFacingError(failure.error).message)"
      )
    }
  }
}
