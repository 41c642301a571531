import CLinux
import Glibc
import LockwiseCore

/// Unlocks the vault with the session's keys, else with a key file or a command, else with a passphrase from the user.
/// The unlocker keeps the keys, so that a run prompts only once.
public final class Unlocker {
  /// The number of attempts at a passphrase.
  private static let tries = 3

  private let configuration: Configuration
  private let isUse: () -> Bool
  private var unlocked: (vaultID: [UInt8], keys: VaultKeys)?
  /// Whether the user was asked for the passphrase and the keys could not be stored for later runs.
  public private(set) var hasUnkeptKeys = false

  /// Makes an unlocker.
  ///
  /// - Parameters:
  ///   - configuration: `LOCKWISE_UNLOCK_TIME`, `LOCKWISE_UNLOCK_MAX`, `LOCKWISE_NO_PROMPT`, `LOCKWISE_PINENTRY` and
  ///     the unlock command apply.
  ///   - isUse: whether a person uses the keys, which renews their idle time. Evaluated only if the vault is unlocked.
  public init(configuration: Configuration, isUse: @escaping @autoclosure () -> Bool = false) {
    self.configuration = configuration
    self.isUse = isUse
  }

  /// Returns the session of a vault.
  public func session(of file: VaultFile) -> KeyringSession {
    KeyringSession(vaultID: file.id, limits: SessionLimits(configuration))
  }

  /// Unlocks a vault and stores its keys in the session.
  ///
  /// - Parameters:
  ///   - purpose: the purpose that prompts name.
  ///   - prompting: where the user may be asked. Evaluated only if nothing else unlocks the vault; it may wait for
  ///     other prompts.
  /// - Throws: `VaultError.locked` if no available credential opens it; `PromptError`; `VaultError.wrongKey` after the
  ///   last attempt.
  public func unlock(
    _ file: VaultFile, for purpose: UnlockPurpose, prompting: @autoclosure () -> PromptScope = .nowhere
  ) throws -> Vault {
    if let unlocked, unlocked.vaultID == file.id { return try file.unlock(with: unlocked.keys) }
    let vault: Vault
    if let keys = session(of: file).load(renewing: isUse()) {
      vault = try file.unlock(with: keys)
    } else {
      vault = try unlockBySlot(file, purpose, prompting)
    }
    unlocked = (file.id, vault.keys)
    return vault
  }

  /// A line that reports that the vault is locked and gives a hint.
  public var lockedLine: String {
    guard SessionLimits(configuration).keepsKeys else {
      return "the vault is locked, and the settings never keep it unlocked (LOCKWISE_UNLOCK_TIME is 0)"
    }
    do {
      try KeyringSession.probe()
      return "the vault is locked (unlock it: lockwise-sync unlock)"
    } catch {
      return "the vault is locked, and \(error.reason) (\(error.hint))"
    }
  }

  /// Unlocks a vault with a credential that is entered now, even if the session has its keys.
  ///
  /// - Parameter purpose: the purpose that prompts name.
  /// - Returns: the vault, and the slot that opened it.
  /// - Throws: `VaultError.locked` if no available credential opens it; `PromptError`; `VaultError.wrongKey` after the
  ///   last attempt.
  public func authenticate(_ file: VaultFile, for purpose: UnlockPurpose) throws -> (vault: Vault, slot: KeySlot) {
    let slots = try file.slots()
    if let opened = try unlockWithoutPrompting(file, slots) { return opened }
    guard !configuration.isOn("LOCKWISE_NO_PROMPT") else { throw VaultError.locked }
    return try ask(slots.filter { $0.source == .passphrase }, file, purpose, .anywhere)
  }

  private func unlockBySlot(
    _ file: VaultFile, _ purpose: UnlockPurpose, _ prompting: () -> PromptScope
  ) throws -> Vault {
    let slots = try file.slots()
    if let (vault, _) = try unlockWithoutPrompting(file, slots) { return keep(vault) }
    let asking = slots.filter { $0.source == .passphrase }
    let scope = configuration.isOn("LOCKWISE_NO_PROMPT") ? .nowhere : prompting()
    guard scope != .nowhere else { throw VaultError.locked }
    // Another process may have unlocked the vault meanwhile.
    if let keys = session(of: file).load(renewing: isUse()) { return try file.unlock(with: keys) }
    let vault = keep(try ask(asking, file, purpose, scope).vault)
    hasUnkeptKeys = !session(of: file).isOpen
    return vault
  }

  /// Tries key files and commands; `nil` if none opens the vault but a passphrase can.
  private func unlockWithoutPrompting(_ file: VaultFile, _ slots: [KeySlot]) throws -> (vault: Vault, slot: KeySlot)? {
    var failure: (any Error)?
    for slot in slots {
      do {
        switch slot.source {
        case .passphrase: continue
        case .keyFile(let path): return (try file.unlock(slot, with: Self.readKeyFile(path)), slot)
        case .command:
          guard let command = configuration.unlockCommand, try KeySlot.Source.command(running: command) == slot.source
          else {
            throw VaultError.unlockCommandDiffers
          }
          return (try file.unlock(slot, with: runCommand(command)), slot)
        }
      } catch {
        failure = error
      }
    }
    guard slots.contains(where: { $0.source == .passphrase }) else { throw failure ?? VaultError.locked }
    return nil
  }

  private func keep(_ vault: Vault) -> Vault {
    // Without a keyring the vault is unlocked again in each run; `unlock` and `doctor` report the reason.
    try? session(of: vault.file).save(vault)
    return vault
  }

  private func ask(
    _ slots: [KeySlot], _ file: VaultFile, _ purpose: UnlockPurpose, _ scope: PromptScope
  ) throws -> (vault: Vault, slot: KeySlot) {
    let prompt = PassphrasePrompt(configuration: configuration, scope: scope)
    let question = purpose.question(vaultIn: file.directory.path)
    var error: String?
    for _ in 0..<Self.tries {
      let passphrase = try prompt.ask(question, error: error)
      for slot in slots {
        do {
          return (try file.unlock(slot, with: passphrase), slot)
        } catch VaultError.wrongKey {
          error = "That passphrase does not open the vault."
        }
      }
    }
    throw VaultError.wrongKey
  }

  /// Reads a key file. It must be a regular file of this user without access for others, in folders that others cannot
  /// change.
  ///
  /// - Throws: `VaultError.badKeySource` if it cannot be read.
  public static func readKeyFile(_ path: String) throws -> SecretBytes {
    let descriptor: Int32
    do throws(TrustedPath.OpenFailure) {
      descriptor = try TrustedPath.open(path, of: .user, forbidding: 0o077)
    } catch {
      switch error {
      case .system(let number):
        throw VaultError.badKeySource(
          reason: "cannot read the key file \(path): \(String(cString: strerror(number)))")
      case .untrusted(let problem):
        let place = problem.path == path ? "" : "\(problem.path): "
        throw VaultError.badKeySource(reason: "cannot use the key file \(path): \(place)\(problem.reason)")
      }
    }
    defer { close(descriptor) }
    guard let content = FileDescriptor.readAll(descriptor, limit: 1 << 20) else {
      throw VaultError.badKeySource(reason: "cannot read the key file \(path), or it is larger than 1 MiB")
    }
    return content
  }

  /// Runs a shell command and returns the first line of its output.
  ///
  /// - Throws: `VaultError.badKeySource` if it fails or prints nothing.
  public func runCommand(_ command: String) throws -> SecretBytes {
    do {
      let output = try ChildProcess.output(of: "/bin/sh", ["-c", command], environment: configuration.environment)
      let end = output.withUnsafeBytes { $0.firstIndex(of: UInt8(ascii: "\n")) } ?? output.count
      guard end > 0 else { throw VaultError.badKeySource(reason: "the unlock command printed nothing") }
      return output[0..<end]
    } catch is ChildProcess.Failure {
      throw VaultError.badKeySource(reason: "the unlock command failed")
    }
  }
}
