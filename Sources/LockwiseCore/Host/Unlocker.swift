import CLinux
import Glibc

/// Gets the keys to a vault: from the session, else from a key file or a command, else from a person.
public struct Unlocker {
  /// How often a person may try.
  private static let tries = 3

  private let configuration: Configuration
  private let mayPrompt: () -> Bool

  /// Makes an unlocker.
  ///
  /// - Parameters:
  ///   - configuration: `LOCKWISE_UNLOCK_TIME` (seconds), `LOCKWISE_NO_PROMPT` and `LOCKWISE_PINENTRY` are read, and the unlock command:
  ///     a slot's command is run only if it is this.
  ///   - mayPrompt: whether a person may be asked; found out only where it comes to that. It may wait for a turn.
  public init(configuration: Configuration, mayPrompt: @escaping @autoclosure () -> Bool) {
    self.configuration = configuration
    self.mayPrompt = { !configuration.isOn("LOCKWISE_NO_PROMPT") && mayPrompt() }
  }

  /// The session of a vault.
  public func session(of file: VaultFile) -> KeyringSession {
    KeyringSession(
      vaultID: file.id,
      timeToLive: configuration.seconds("LOCKWISE_UNLOCK_TIME", fallback: KeyringSession.defaultTimeToLive))
  }

  /// Unlocks a vault and keeps its keys for the session.
  ///
  /// - Throws: `VaultError.locked` if nothing that is at hand opens it; `PromptError.cancelled`;
  ///   `VaultError.wrongKey` after the last try.
  public func unlock(_ file: VaultFile) throws -> Vault {
    let session = session(of: file)
    if let keys = session.load() { return try file.unlock(with: keys) }
    let vault = try unlockBySlot(file)
    _ = session.save(vault)
    return vault
  }

  private func unlockBySlot(_ file: VaultFile) throws -> Vault {
    let slots = try file.slots()
    var failure: (any Error)?
    for slot in slots {
      do {
        switch slot.source {
        case .passphrase: continue
        case .keyFile(let path): return try file.unlock(slot, with: Self.readKeyFile(path))
        case .command:
          guard let command = configuration.unlockCommand, try KeySlot.Source.command(running: command) == slot.source else {
            throw VaultError.unlockCommandDiffers
          }
          return try file.unlock(slot, with: runCommand(command))
        }
      } catch {
        failure = error
      }
    }
    let asking = slots.filter { $0.source == .passphrase }
    guard !asking.isEmpty else { throw failure ?? VaultError.locked }
    guard mayPrompt() else { throw VaultError.locked }
    // Who had to wait for its turn may find that somebody else was answered.
    if let keys = session(of: file).load() { return try file.unlock(with: keys) }
    return try ask(asking, file: file)
  }

  private func ask(_ slots: [KeySlot], file: VaultFile) throws -> Vault {
    let prompt = PassphrasePrompt(configuration: configuration)
    var error: String?
    for _ in 0..<Self.tries {
      let passphrase = try prompt.ask("Unlock the lockwise vault in \(file.directory.path)", error: error)
      for slot in slots {
        do {
          return try file.unlock(slot, with: passphrase)
        } catch VaultError.wrongKey {
          error = "That passphrase does not open the vault."
        }
      }
    }
    throw VaultError.wrongKey
  }

  /// The content of a key file, which must be ours alone.
  ///
  /// - Throws: `VaultError.badKeySource`.
  public static func readKeyFile(_ path: String) throws -> SecretBytes {
    let descriptor = lockwise_open(path, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else {
      throw VaultError.badKeySource(
        reason: "cannot read the key file \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_mode & 0o077 == 0 else {
      throw VaultError.badKeySource(
        reason: "the key file \(path) must be a file that others cannot use (mode 600)")
    }
    guard let content = ChildProcess.read(descriptor, limit: 1 << 20) else {
      throw VaultError.badKeySource(reason: "the key file \(path) cannot be read or is larger than 1 MiB")
    }
    return content
  }

  /// The first line that a shell command prints.
  ///
  /// - Throws: `VaultError.badKeySource` if it fails or prints nothing.
  public func runCommand(_ command: String) throws -> SecretBytes {
    do {
      let output = try ChildProcess.output(of: "/bin/sh", ["-c", command], environment: configuration.environment)
      let end = output.withUnsafeBytes { $0.firstIndex(of: UInt8(ascii: "\n")) } ?? output.count
      guard end > 0 else { throw VaultError.badKeySource(reason: "the passphrase command printed nothing") }
      return output[0..<end]
    } catch is ChildProcess.Failure {
      throw VaultError.badKeySource(reason: "the passphrase command failed")
    }
  }
}

/// Asks a person for a passphrase: pinentry where it works, else the terminal.
public struct PassphrasePrompt {
  private let configuration: Configuration

  /// Makes a prompt.
  public init(configuration: Configuration) { self.configuration = configuration }

  /// The pinentry that would be asked, a name or a path; `nil` if none could reach a person.
  public var pinentry: String? { Pinentry(configuration: configuration)?.program }

  /// Asks once.
  ///
  /// - Parameters:
  ///   - description: what the passphrase is for.
  ///   - error: what was wrong with the last answer.
  /// - Returns: what was typed.
  /// - Throws: `PromptError`.
  public func ask(_ description: String, error: String? = nil) throws -> SecretBytes {
    if let pinentry = Pinentry(configuration: configuration),
      let answer = try pinentry.ask(.init(description: description, error: error))
    {
      return answer
    }
    guard let terminal = TerminalPrompt() else { throw PromptError.nobodyThere }
    defer { terminal.finish() }
    if let error { terminal.show(error) }
    terminal.show(description)
    return try terminal.askSecret("Passphrase: ")
  }
}
