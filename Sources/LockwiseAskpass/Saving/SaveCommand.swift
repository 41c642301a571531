import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The command `save`, which saves a secret that the user types or passes on standard input.
struct SaveCommand {
  /// The number of attempts at a passphrase.
  private static let tries = 3

  /// The environment, clock, messages and vault of the run.
  let helper: HelperContext

  private var environment: Environment { helper.configuration.environment }

  /// Saves a secret.
  ///
  /// - Parameter arguments: the arguments after `save`.
  /// - Throws: `UserFacingError`; `PromptError` if the user cancelled or cannot be asked; `VaultError`.
  func perform(_ arguments: ArraySlice<String>) throws {
    let (kind, rest) = (arguments.first ?? "", Array(arguments.dropFirst()))
    switch (kind, rest.count) {
    case ("ssh", 1): try saveAccount(rest[0])
    case ("key", 1): try saveKey(rest[0])
    case ("sudo", 0...1): try saveSudo(rest.first)
    default:
      throw UserFacingError(
        "save needs ssh and an account, key and a path, or sudo", hint: "see lockwise-askpass --help",
        exitCode: .usage)
    }
  }

  private func saveAccount(_ text: String) throws {
    guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")), at > text.startIndex,
      let origin = Origin(scheme: "ssh", authority: String(text[text.utf8.index(after: at)...]))
    else {
      throw UserFacingError(
        "\(text) is not a user and a host", hint: "for example: alice@example.org:2222", exitCode: .usage)
    }
    let destination = Destination(ssh: origin, user: String(text[..<at]), helper)
    try save(secret("Password of \(destination.name)"), for: destination)
  }

  private func saveSudo(_ user: String?) throws {
    guard let user = user ?? environment["LOGNAME"] else {
      throw UserFacingError("cannot determine your user name: LOGNAME is not set", exitCode: .usage)
    }
    guard let destination = Destination(sudo: user, helper) else {
      throw UserFacingError("cannot save a password for this machine: its name is not a host name", exitCode: .failure)
    }
    helper.diagnostics.notice(
      "while the vault is unlocked, any program that runs as you can then become root with sudo -A")
    try save(secret("Password of \(destination.name)"), for: destination)
  }

  private func saveKey(_ path: String) throws {
    let check = KeyPassphraseCheck(path: path, environment: environment)
    if case .opens = check.check(SecretBytes(utf8: "")) {
      throw UserFacingError("the key \(path) has no passphrase", exitCode: .failure)
    }
    var error: String?
    for _ in 0..<(isTyped ? Self.tries : 1) {
      let passphrase = try secret("Passphrase of the key \(path)", label: "Passphrase:", error: error)
      switch check.check(passphrase) {
      case .wrong: error = "That passphrase does not open the key."
      case .unknown:
        throw UserFacingError(
          "cannot try the passphrase on \(path)", hint: "check that this works: ssh-keygen -y -f \(path)",
          exitCode: .failure)
      case .opens(let key):
        // The comment is in the public file, not in ssh-keygen's output of every version.
        let named = try? KeyFingerprint(path: Array(path.utf8))
        let fingerprint = try named ?? KeyFingerprint(of: key)
        guard let destination = Destination(key: fingerprint, helper) else { throw KeyFileError.noPublicKey }
        return try save(passphrase, for: destination)
      }
    }
    throw UserFacingError("that passphrase does not open the key \(path); nothing was saved", exitCode: .failure)
  }

  private func save(_ secret: SecretBytes, for destination: Destination) throws {
    do {
      _ = try VaultAnswer.checked(secret)
    } catch {
      throw UserFacingError(
        "the secret is empty or longer than \(VaultAnswer.limit) bytes; nothing was saved", exitCode: .failure)
    }
    let file = try VaultFile(in: helper.directory, access: .writing)
    let vault = try helper.unlocker.unlock(file, for: helper.purpose, prompting: .anywhere)
    let isChanged = try SavedLogin.save(secret, for: destination, identity: nil, in: vault, helper)
    let name = destination.origin.scheme == "ssh-key" ? destination.origin.serialized : destination.name
    helper.diagnostics.notice("\(isChanged ? "changed" : "saved"): \(name)")
  }

  /// Whether the secret is typed, not read from a pipe or file.
  private var isTyped: Bool { isatty(0) == 1 }

  /// Returns the secret: the user's input, or the first line of a standard input that is not a terminal.
  private func secret(_ what: String, label: String = "Password:", error: String? = nil) throws -> SecretBytes {
    guard !isTyped else {
      return try PassphrasePrompt(configuration: helper.configuration).ask(
        PassphraseQuestion(description: "\(what):", label: label, line: "\(what): "), error: error)
    }
    guard let input = FileDescriptor.readAll(0, limit: 65536) else {
      throw UserFacingError("cannot read the secret from standard input", exitCode: .failure)
    }
    let end = input.withUnsafeBytes { $0.firstIndex(of: UInt8(ascii: "\n")) } ?? input.count
    return input[0..<end]
  }
}
