import Glibc
import LockwiseCore

/// What the operations of one run of the helper share.
struct HelperContext {
  let configuration: Configuration
  let diagnostics: Diagnostics
  let directory: VaultDirectory
  /// Unlocks the vault, once. Use counts if a person may have started git.
  let unlocker: Unlocker
  /// Decides where the user may be asked.
  let gate: PromptGate
  /// When it began, milliseconds since 1970.
  private let milliseconds: Int64
  /// Milliseconds since 1970, for what may wait for a person.
  let clock: () -> Int64
  /// Has a change uploaded, and does not wait for it.
  let push: () -> Void
  /// The URL that git was told to use, where it can be seen.
  let remote: () -> [UInt8]?
  /// How long `git config` may take, milliseconds. git itself has read the same files just before.
  let gitTimeout: Int

  /// Makes a run.
  ///
  /// - Parameters:
  ///   - clock: milliseconds since 1970.
  ///   - push: starts `lockwise-sync push` if not given.
  ///   - remote: the URL that git was told to use; looked for among the processes above this one if not given.
  init(
    configuration: Configuration, diagnostics: Diagnostics, directory: VaultDirectory, clock: @escaping () -> Int64,
    push: (() -> Void)? = nil, remote: @escaping () -> [UInt8]? = { GitRemoteProgram.url(from: Int(getppid())) },
    gitTimeout: Int = 10_000
  ) {
    self.configuration = configuration
    self.diagnostics = diagnostics
    self.directory = directory
    self.clock = clock
    self.remote = remote
    unlocker = Unlocker(configuration: configuration, isUse: PersonPresence.isNearby(configuration))
    gate = PromptGate(environment: configuration.environment, directory: directory, clock: { clock() / 1000 })
    self.gitTimeout = gitTimeout
    milliseconds = clock()
    self.push =
      push ?? { SyncLauncher(directory: directory, configuration: configuration, diagnostics: diagnostics).startPush() }
  }

  /// When it began, seconds since 1970.
  var now: Int64 { milliseconds / 1000 }

  /// Does what git asks for.
  ///
  /// - Parameters:
  ///   - operation: `get`, `store` or `erase`.
  ///   - input: what git wrote.
  /// - Returns: the exit status, and what came of a `get`.
  func perform(_ operation: String, _ input: SecretBytes) -> (status: ExitCode, outcome: GetOperation.Outcome) {
    var outcome = GetOperation.Outcome()
    do {
      var request = try GitCredentialRequest(parsing: input)
      if let host = request.host, !LocaleCharset.isCertain(host, configuration.environment) {
        diagnostics.error("the host is not ASCII and the locale is not UTF-8: git may use another host")
        request.host = nil
      }
      switch operation {
      case "store": try StoreOperation(run: self, request: request).perform()
      case "erase": try EraseOperation(run: self, request: request).perform()
      default: outcome = GetOperation(run: self, request: request).perform()
      }
      return (.success, outcome)
    } catch let error as GitCredentialRequest.Malformed {
      diagnostics.error("git's request is malformed: \(error.text)")
    } catch let error as LoginRecordError {
      diagnostics.error("this is not a valid login: \(error)")
    } catch {
      diagnostics.report(UserFacingError(error))
    }
    return (.failure, outcome)
  }

  /// The settings for a request.
  func settings(for request: GitCredentialRequest) -> GitSettings {
    GitSettings(
      configuration: configuration, diagnostics: diagnostics, context: { [remote] in request.context(remote: remote) }
    ) { [configuration, gitTimeout] in
      try GitConfigCommand.output(
        GitSettings.arguments, environment: configuration.environment, timeout: gitTimeout)
    }
  }

  /// What git tells the helper to keep or to forget.
  enum Notification {
    /// A host has accepted a credential.
    case approval
    /// A host has refused one.
    case refusal
  }

  /// Returns the vault for a notification of git; `nil` if there is none, it cannot be unlocked, which is reported, or
  /// nothing is left to do.
  ///
  /// The user is asked for the passphrase only if a `get` of the same git command was given it and it could not be kept.
  ///
  /// - Throws: `VaultError`; `CryptoError`.
  func vault(for notification: Notification, from host: String, _ request: GitCredentialRequest) throws -> Vault? {
    // The credential that a host accepts is the one that `get` answered with, unless it had none.
    let isKnown = { notification == .approval && gate.unkept == .answered }
    let purpose = UnlockPurpose(
      notification == .approval ? "git saves a password for \(host)" : "\(host) refused a password of git")
    let reason: String
    do {
      return try unlocker.unlock(
        VaultFile(in: directory, access: .reading), for: purpose,
        prompting: gate.unkept == nil || isKnown() ? .nowhere : gate.scope())
    } catch VaultError.missing {
      return nil
    } catch VaultError.locked, PromptError.nobodyThere, PromptError.pinentryMissing {
      if isKnown() { return nil }
      reason = unlocker.lockedLine
    } catch PromptError.cancelled {
      gate.recordDeclined(wasCancelled: true)
      reason = "cancelled"
    } catch VaultError.wrongKey {
      gate.recordDeclined(wasCancelled: false)
      reason = VaultError.wrongKey.userFacingError.message
    } catch let error as VaultError {
      guard case .badKeySource = error else { throw error }
      reason = error.userFacingError.message
    }
    guard notification == .refusal || settings(for: request).mayStore else { return nil }
    let failure =
      notification == .approval
      ? "cannot save the password for \(host)" : "cannot record that \(host) refused a password"
    diagnostics.error("\(failure): \(reason)")
    return nil
  }

  /// Returns the vault without prompting; `nil` if it is locked or there is none.
  ///
  /// - Throws: `VaultError`; `CryptoError`.
  func vaultWithoutPrompting(_ access: VaultFile.Access) throws -> Vault? {
    do {
      return try unlocker.unlock(VaultFile(in: directory, access: access), for: UnlockPurpose("git"))
    } catch VaultError.missing, VaultError.locked, VaultError.badKeySource {
      return nil
    }
  }

  /// Returns the vault for writing after it was unlocked in this run.
  private func writableVault() throws -> Vault {
    try unlocker.unlock(VaultFile(in: directory, access: .writing), for: UnlockPurpose("git"))
  }

  /// `lockwise-sync`, to be started behind.
  var sync: SyncLauncher { SyncLauncher(directory: directory, configuration: configuration, diagnostics: diagnostics) }

  /// Changes logins, and has the change uploaded behind.
  ///
  /// - Throws: `VaultError`; what `change` throws.
  func change(_ change: (LoginEditor) throws -> Void) throws {
    try change(LoginEditor(vault: writableVault(), now: { milliseconds }))
    push()
  }

  /// Changes what is remembered on this machine only.
  ///
  /// - Throws: `VaultError`.
  func remember(_ change: (Vault, inout GitMemory) throws -> Void) throws {
    let vault = try writableVault()
    try vault.changeGitMemory { try change(vault, &$0) }
  }
}
