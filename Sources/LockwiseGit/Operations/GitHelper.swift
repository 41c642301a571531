import Glibc
import LockwiseCLI
import LockwiseCore

/// One run of the credential helper for git.
struct GitHelper {
  /// The environment, clock, messages and vault of the run.
  let context: HelperContext
  /// The URL that git was given, if it can be found.
  private let remote: () -> [UInt8]?
  /// How long `git config` may take. git itself has read the same files just before.
  private let gitTimeout: Milliseconds

  /// Creates a helper.
  ///
  /// - Parameters:
  ///   - clock: the clock.
  ///   - push: starts `lockwise-sync push` if not given.
  ///   - remote: the URL that git was given; read from the processes above this one if not given.
  init(
    configuration: Configuration, diagnostics: Diagnostics, directory: VaultDirectory,
    clock: @escaping () -> Milliseconds,
    push: (() -> Void)? = nil, remote: @escaping () -> [UInt8]? = { GitRemoteProgram.url(from: Int(getppid())) },
    gitTimeout: Milliseconds = 10_000
  ) {
    context = HelperContext(
      configuration: configuration, diagnostics: diagnostics, directory: directory, purpose: UnlockPurpose("git"),
      clock: clock, permitted: GitPrompting.scope(configuration.environment), command: { GitPrompting.command() },
      push: push)
    self.remote = remote
    self.gitTimeout = gitTimeout
  }

  /// Does what git asks for.
  ///
  /// - Parameters:
  ///   - operation: `get`, `store` or `erase`.
  ///   - input: git's request.
  /// - Returns: the exit status and the result of a `get`.
  func perform(_ operation: String, _ input: SecretBytes) -> (status: ExitCode, outcome: GetOperation.Outcome) {
    var outcome = GetOperation.Outcome()
    do {
      var request = try GitCredentialRequest(parsing: input)
      if let host = request.host, !LocaleCharset.isCertain(host, context.configuration.environment) {
        context.diagnostics.error("the host is not ASCII and the locale is not UTF-8: git may use another host")
        request.host = nil
      }
      switch operation {
      case "store": try StoreOperation(helper: self, request: request).perform()
      case "erase": try EraseOperation(helper: self, request: request).perform()
      default: outcome = GetOperation(helper: self, request: request).perform()
      }
      return (.success, outcome)
    } catch let error as GitCredentialRequest.Malformed {
      context.diagnostics.error("git's request is malformed: \(error.text)")
    } catch let error as LoginRecordError {
      context.diagnostics.error("this is not a valid login: \(error)")
    } catch {
      context.diagnostics.report(UserFacingError(error))
    }
    return (.failure, outcome)
  }

  /// Returns the settings for a request.
  func settings(for request: GitCredentialRequest) -> GitSettings {
    GitSettings(
      configuration: context.configuration, diagnostics: context.diagnostics,
      context: { [remote] in request.context(remote: remote) }
    ) { [configuration = context.configuration, gitTimeout] in
      try GitConfigCommand.output(
        GitSettings.arguments, environment: configuration.environment, timeout: gitTimeout)
    }
  }

  /// A notification from git.
  enum Notification {
    /// A host has accepted a credential.
    case approval
    /// A host has rejected a credential.
    case refusal
  }

  /// Returns the vault, open for writing, for a notification from git; `nil` if there is no vault, it cannot be unlocked, which is
  /// reported, or nothing needs to be done.
  ///
  /// The user is prompted only if a `get` of the same git command unlocked the vault with a key that could not be
  /// stored.
  ///
  /// - Throws: `VaultError` or `CryptoError` if the vault cannot be used.
  func vault(for notification: Notification, from host: String, _ request: GitCredentialRequest) throws -> Vault? {
    // The credential that a host accepts is the one that `get` answered with, unless it had none.
    let isKnown = { notification == .approval && context.gate.unkept == .answered }
    let purpose = UnlockPurpose(
      notification == .approval ? "git saves a password for \(host)" : "\(host) refused a password of git")
    let reason: String
    do {
      return try context.unlocker.unlock(
        VaultFile(in: context.directory, access: .writing), for: purpose,
        prompting: context.gate.unkept == nil || isKnown() ? .nowhere : context.gate.scope())
    } catch VaultError.missing {
      return nil
    } catch VaultError.locked, PromptError.nobodyThere, PromptError.pinentryMissing {
      if isKnown() { return nil }
      reason = context.unlocker.lockedLine
    } catch PromptError.cancelled {
      context.gate.recordDeclined(wasCancelled: true)
      reason = "cancelled"
    } catch VaultError.wrongKey {
      context.gate.recordDeclined(wasCancelled: false)
      reason = VaultError.wrongKey.userFacingError.message
    } catch let error as VaultError {
      guard case .badKeySource = error else { throw error }
      reason = error.userFacingError.message
    }
    guard notification == .refusal || settings(for: request).mayStore else { return nil }
    let failure =
      notification == .approval
      ? "cannot save the password for \(host)" : "cannot record that \(host) refused a password"
    context.diagnostics.error("\(failure): \(reason)")
    return nil
  }
}
