import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// The vault for a sign-in or a local profile: a new one, or the existing one, unlocked.
struct SignInTarget {
  private enum Kind {
    case new(NewVaultKey)
    case existing(Vault, VaultSource)
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
    kind = .existing(vault, try context.source(of: vault))
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
    guard case .existing(_, .account(let previous)) = kind, case .refreshToken(_, let id) = previous.grant else {
      return nil
    }
    return id
  }

  /// The key that the vault keeps of a profile; `nil` if it keeps none.
  func keptKey(of source: LocalSource) -> SecretBytes? {
    guard case .existing(_, .profile(let previous)) = kind, previous.directory == source.directory else { return nil }
    return previous.key
  }

  /// Refuses an account or a profile other than the vault's, unless it may be replaced. Between an account and a profile
  /// the vault may change: it keeps the logins of both.
  ///
  /// - Throws: `UserFacingError`.
  func check(_ source: VaultSource) throws {
    guard case .existing(let vault, let previous) = kind, !source.isSame(as: previous) else { return }
    if mayReplace {
      try UnsentChanges(in: vault, previous)?.refuse(unless: false, "lockwise-sync logout --force, then login")
      return
    }
    let owner: String
    switch (previous, source) {
    case (.account(let account), .account): owner = "another account (\(account.name))"
    case (.profile(let profile), .profile): owner = "another profile (\(PrintableText.of(profile.directory)))"
    default: return
    }
    throw UserFacingError(
      "the vault in \(context.directory.path) belongs to \(owner)",
      hints: [
        "keep both: set LOCKWISE_HOME to another directory",
        "replace it: lockwise-sync logout first, or --replace to keep the vault's passphrase or key",
      ], exitCode: .failure)
  }

  /// Stores a sign-in.
  ///
  /// - Returns: the vault and the stored account.
  /// - Throws: `VaultError`.
  func keep(_ signIn: SignInCompletion.Completed) throws -> (vault: Vault, account: SignedInAccount) {
    defer { ServerAddressFile.write(signIn.account.servers.contentRoot, in: context.directory) }
    var account = signIn.account
    if case .existing(_, .account(let previous)) = kind { account = account.known(as: previous) }
    var documents = signIn.documents
    documents[.account] = account.document()
    return (try store(.account(account), documents), account)
  }

  /// Makes a profile the source of the vault's logins.
  ///
  /// - Returns: the vault.
  /// - Throws: `VaultError`.
  func keep(_ source: LocalSource) throws -> Vault {
    defer { ServerAddressFile.write(nil, in: context.directory) }
    return try store(.profile(source), [LocalSource.documentName: source.document()])
  }

  private func store(_ source: VaultSource, _ documents: [DocumentName: SecretBytes]) throws -> Vault {
    switch kind {
    case .new(let key): return try create(key, documents)
    case .existing(let vault, let previous):
      try replace(previous, by: source, documents, in: vault)
      return vault
    }
  }

  private func create(_ key: NewVaultKey, _ documents: [DocumentName: SecretBytes]) throws -> Vault {
    let slot = try key.slot()
    try key.writeCommand()
    let vault = try VaultFile.create(
      in: context.directory, slots: [slot], documents: documents, random: SystemRandom())
    do {
      try context.session(of: vault.file).save(vault)
    } catch {
      // A key file or a command unlocks the vault in every program.
      guard slot.source == .passphrase else { return vault }
      context.diagnostics.notice("the vault stays locked between commands: \(error.reason)")
      context.diagnostics.hint(error.hint)
    }
    return vault
  }

  private func replace(
    _ previous: VaultSource, by source: VaultSource, _ documents: [DocumentName: SecretBytes], in vault: Vault
  ) throws {
    let update = try vault.beginMirrorUpdate()
    if mayReplace, !source.isSame(as: previous) {
      try update.removeAll()
      for name in try update.documentNames() { try update.setDocument(name, to: nil) }
    }
    // Tokens of the earlier sign-in must never be used for this one.
    for name in [DocumentName.account, .accessToken, .storageToken, LocalSource.documentName] {
      try update.setDocument(name, to: documents[name])
    }
    try update.commit()
    guard case .account(let account) = previous else { return }
    for failure in SignOut(transport: context.transport).signOut(account) {
      context.diagnostics.notice(
        "cannot revoke the earlier sign-in's \(failure.part.rawValue): \(UserFacingError(failure.error).message)"
      )
    }
  }
}
