import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The key for a new slot: a passphrase, a key file or a command.
struct NewVaultKey {
  private let source: KeySlot.Source
  private let command: String?
  private let terminal: TerminalPrompt?
  private let configuration: Configuration

  /// Checks in advance that the key is available.
  ///
  /// - Throws: `VaultError.badKeySource`; `UserFacingError` if there is no terminal to choose a passphrase.
  init(keyFile: String?, command: String?, terminal: TerminalPrompt?, configuration: Configuration) throws {
    self.terminal = terminal
    self.configuration = configuration
    self.command = keyFile == nil ? command : nil
    if let keyFile {
      source = .keyFile(path: try Self.prepare(keyFile))
    } else if let command {
      source = try .command(running: command)
      try checkCommand()
      _ = try Unlocker(configuration: configuration).runCommand(command)
    } else {
      source = .passphrase
      guard terminal != nil else {
        throw UserFacingError(
          "cannot ask for a new passphrase without a terminal",
          hints: ["give --key-file or --passphrase-command"], exitCode: .usage)
      }
    }
  }

  /// Returns the slot; asks twice for a passphrase.
  ///
  /// - Throws: `VaultError.badKeySource`, `PromptError`.
  func slot() throws -> NewKeySlot {
    switch source {
    case .keyFile(let path): NewKeySlot(source: source, credential: try Unlocker.readKeyFile(path))
    case .command:
      NewKeySlot(
        source: source, credential: try Unlocker(configuration: configuration).runCommand(command ?? ""))
    case .passphrase: NewKeySlot(source: source, credential: try choosePassphrase())
    }
  }

  private func choosePassphrase() throws -> SecretBytes {
    guard let terminal else { throw PromptError.nobodyThere }
    return try PassphraseChoice(terminal, configuration).choose()
  }

  /// Writes the command, if there is one, into the configuration file, the only place from which it is run.
  ///
  /// - Throws: `UserFacingError`.
  func writeCommand() throws {
    guard let command else { return }
    do {
      try ConfigurationEditor(configuration.environment).set("unlock-command", to: command)
    } catch {
      throw UserFacingError("cannot write unlock-command: \(Self.reason(error))", exitCode: .failure)
    }
  }

  /// Refuses a command if the configuration has a different one, which another vault may need.
  private func checkCommand() throws {
    guard let command, let present = configuration.unlockCommand, present != command else { return }
    let path = configuration.file.path ?? "the configuration file"
    throw UserFacingError(
      "cannot write unlock-command: \(path) already has another one", hints: ["remove that line first"],
      exitCode: .failure)
  }

  private static func reason(_ failure: ConfigurationEditor.Failure) -> String {
    switch failure {
    case .noPlace: "XDG_CONFIG_HOME or HOME must be an absolute path"
    case .unusableValue: "a line cannot hold the command"
    case .refused(let refusal): refusal.userFacingError.message
    case .system(let path, let number): "\(path): \(String(cString: strerror(number)))"
    }
  }

  /// Creates the key file if it is missing, with 32 random bytes that only the user can read, and the folders above it
  /// (mode 0700); returns its absolute path.
  private static func prepare(_ path: String) throws -> String {
    let absolute = try absolutePath(path)
    if let slash = absolute.lastIndex(of: "/"), slash > absolute.startIndex {
      try VaultDirectory(path: String(absolute[..<slash])).create()
    }
    let descriptor = lockwise_open(absolute, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 {
      guard errno == EEXIST else { throw problem("create", absolute) }
      let content = try Unlocker.readKeyFile(absolute)
      guard content.count >= KeySlot.keyFileMinimum else {
        throw VaultError.badKeySource(
          reason: "the key file \(absolute) holds fewer than \(KeySlot.keyFileMinimum) bytes")
      }
      return absolute
    }
    defer { close(descriptor) }
    let key = try SystemRandom().secret(VaultKeys.vaultKeyByteCount)
    let written = key.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard written == key.count, fsync(descriptor) == 0 else {
      unlink(absolute)
      throw problem("write", absolute)
    }
    return absolute
  }

  static func absolutePath(_ path: String) throws -> String {
    guard !path.hasPrefix("/") else { return path }
    guard let directory = getcwd(nil, 0) else { throw problem("find", path) }
    defer { free(directory) }
    return String(cString: directory) + "/" + path
  }

  private static func problem(_ verb: String, _ path: String) -> VaultError {
    .badKeySource(reason: "cannot \(verb) the key file \(path): \(String(cString: strerror(errno)))")
  }
}
