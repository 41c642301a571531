import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The environment of a command: configuration, diagnostics, vault directory, network and clock.
struct SyncContext {
  let configuration: Configuration
  let diagnostics: Diagnostics
  let directory: VaultDirectory
  let transport: any HTTPTransport
  let clock = WallClock.system
  /// Ends a running request, once something has begun that must be cleaned up.
  let interruption: Interruption
  private let unlocker: Unlocker

  /// - Parameters:
  ///   - options: whether requests are shown.
  ///   - timeout: the longest time for one request, in milliseconds; `nil` for the usual one.
  ///   - mayRefuseConfiguration: whether an unusable configuration file is an error. It may name another vault than the
  ///     one that would be used without it.
  /// - Throws: `UserFacingError` if the settings do not name the vault's directory, or the configuration cannot be
  ///   used; `HTTPError` if libcurl is not usable.
  init(_ options: CommonOptions? = nil, timeout: Int? = nil, mayRefuseConfiguration: Bool = true) throws {
    configuration = Configuration(.ofProcess)
    unlocker = Unlocker(configuration: configuration, isUse: PersonPresence.isAtTerminal)
    diagnostics = Diagnostics(program: Program.name)
    if mayRefuseConfiguration, let refusal = configuration.file.refusal { throw refusal }
    if mayRefuseConfiguration { configuration.reportProblems(to: diagnostics) }
    if let file = configuration["LOCKWISE_CA_FILE"], !file.hasPrefix("/") {
      throw UserFacingError("cannot use LOCKWISE_CA_FILE: the path is not absolute", exitCode: .failure)
    }
    guard let directory = VaultDirectory(configuration: configuration) else {
      throw UserFacingError(
        "cannot find the vault: LOCKWISE_HOME, XDG_STATE_HOME or HOME must be an absolute path",
        exitCode: .failure)
    }
    self.directory = directory
    let interruption = Interruption()
    self.interruption = interruption
    var transportOptions = CurlTransport.Options(certificateFile: configuration["LOCKWISE_CA_FILE"])
    if let timeout { (transportOptions.timeout, transportOptions.connectTimeout) = (timeout, timeout) }
    let curl = try CurlTransport(
      userAgent: "lockwise/\(Version.current)", options: transportOptions, shouldAbort: { interruption.consume() })
    if options?.verbose == true {
      transport = LoggingTransport(curl) {
        Diagnostics.toStandardError("\(Program.name): \($0.text)\n")
      }
    } else {
      transport = curl
    }
  }

  /// The program's environment variables.
  var environment: Environment { configuration.environment }

  /// Opens and unlocks the vault.
  ///
  /// - Throws: `VaultError`, `PromptError`.
  func unlockedVault(_ access: VaultFile.Access) throws -> Vault {
    let file = try VaultFile(in: directory, access: access)
    do {
      return try unlocker.unlock(file, for: Self.purpose, prompting: .anywhere)
    } catch {
      throw LostKeyFile.explain(error, slots: (try? file.slots()) ?? [])
    }
  }

  /// Opens the vault for writing and unlocks it with a credential that is presented now.
  ///
  /// - Returns: the vault, and the slot that opened it.
  /// - Throws: `VaultError`, `PromptError`.
  func authenticatedVault() throws -> (vault: Vault, slot: KeySlot) {
    try unlocker.authenticate(VaultFile(in: directory, access: .writing), for: Self.purpose)
  }

  /// The program and the command, for prompts.
  private static var purpose: UnlockPurpose {
    let command = CommandLine.arguments.dropFirst().first { $0.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
    return UnlockPurpose(([Program.name] + [command].compactMap(\.self)).joined(separator: " "))
  }

  /// The session that keeps the keys of a vault.
  func session(of file: VaultFile) -> KeyringSession {
    unlocker.session(of: file)
  }

  /// Returns the account of a vault.
  ///
  /// - Throws: `VaultError.missing` if there is none; `DocumentError`.
  func account(in vault: Vault) throws -> SignedInAccount {
    guard let account = try SignedInAccount.load(from: vault) else {
      throw VaultError.missing(directory: directory.path)
    }
    return account
  }
}
