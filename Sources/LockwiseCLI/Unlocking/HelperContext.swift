import LockwiseCore

/// The environment, clock, messages and vault of one run of a helper: a program that hands out secrets to a host.
public struct HelperContext {
  /// The settings.
  public let configuration: Configuration
  /// Messages for the user.
  public let diagnostics: Diagnostics
  /// The vault's directory.
  public let directory: VaultDirectory
  /// The purpose of opening the vault, unless a prompt names a more precise one.
  public let purpose: UnlockPurpose
  /// Unlocks the vault, once. Use counts if a person may have started the host.
  public let unlocker: Unlocker
  /// Decides where the user may be asked.
  public let gate: PromptGate
  /// The current time: a prompt may have been open for long.
  public let clock: () -> Milliseconds
  /// Starts `lockwise-sync`.
  public let sync: SyncLauncher
  /// When the run began.
  let started: Milliseconds
  /// Starts an upload of what was changed, in the background.
  private let push: () -> Void

  /// Creates a context; nothing is read or unlocked yet.
  ///
  /// - Parameters:
  ///   - purpose: the purpose of opening the vault.
  ///   - clock: the clock.
  ///   - permitted: where the host permits prompts.
  ///   - command: finds the command of the host on whose behalf this process runs; `nil` if there is none.
  ///   - push: starts an upload; `lockwise-sync push` if not given.
  public init(
    configuration: Configuration, diagnostics: Diagnostics, directory: VaultDirectory, purpose: UnlockPurpose,
    clock: @escaping () -> Milliseconds, permitted: PromptScope, command: @escaping () -> ProcessIdentity?,
    push: (() -> Void)? = nil
  ) {
    self.configuration = configuration
    self.diagnostics = diagnostics
    self.directory = directory
    self.purpose = purpose
    self.clock = clock
    started = clock()
    unlocker = Unlocker(configuration: configuration, isUse: PersonPresence.isNearby(configuration))
    gate = PromptGate(permitted: permitted, directory: directory, clock: { Seconds(clock()) }, command: command)
    let sync = SyncLauncher(
      directory: directory, configuration: configuration, now: Seconds(started), diagnostics: diagnostics)
    self.sync = sync
    self.push = push ?? { sync.startPush() }
  }

  /// When the run began, in whole seconds.
  public var now: Seconds { Seconds(started) }

  /// Returns the vault without prompting; `nil` if it is locked or there is none.
  ///
  /// - Throws: `VaultError`; `CryptoError`.
  public func vaultWithoutPrompting() throws -> Vault? {
    do {
      return try unlocker.unlock(VaultFile(in: directory, access: .reading), for: purpose)
    } catch VaultError.missing, VaultError.locked, VaultError.badKeySource {
      return nil
    }
  }

  /// Returns the vault for writing after it was unlocked in this run.
  ///
  /// - Throws: `VaultError`.
  public func writableVault() throws -> Vault {
    try unlocker.unlock(VaultFile(in: directory, access: .writing), for: purpose)
  }

  /// Makes changes in one transaction, and starts an upload of them in the background.
  ///
  /// - Parameters:
  ///   - vault: the vault, open for writing; `nil` opens it.
  ///   - now: the time of the change; the start of the run if `nil`.
  ///   - uploads: whether there is something to upload.
  ///   - change: makes the changes. It must not use `vault` itself except for digests.
  /// - Returns: the result of `change`.
  /// - Throws: `VaultError`; what `change` throws.
  public func change<Result>(
    in vault: Vault? = nil, now: (() -> Milliseconds)? = nil, uploads: Bool = true,
    _ change: (LoginEditor) throws -> Result
  ) throws -> Result {
    let result = try LoginEditor(vault: vault ?? writableVault(), now: now ?? { started }).transaction(change)
    if uploads { push() }
    return result
  }
}
