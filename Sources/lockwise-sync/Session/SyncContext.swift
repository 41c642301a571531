import ArgumentParser
import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

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
  ///   - timeout: the longest time for one request; `nil` for the usual one.
  ///   - mayRefuseConfiguration: whether an unusable configuration file is an error. It may name another vault than the
  ///     one that would be used without it.
  /// - Throws: `UserFacingError` if the settings do not name the vault's directory, or the configuration cannot be
  ///   used.
  init(_ options: CommonOptions? = nil, timeout: Milliseconds? = nil, mayRefuseConfiguration: Bool = true) throws {
    configuration = Configuration(.ofProcess)
    unlocker = Unlocker(configuration: configuration, isUse: PersonPresence.isAtTerminal)
    diagnostics = Diagnostics(program: Program.name)
    if mayRefuseConfiguration, let refusal = configuration.file.refusal { throw refusal }
    if mayRefuseConfiguration { configuration.reportProblems(to: diagnostics) }
    if let file = configuration["LOCKWISE_CA_FILE"], !file.hasPrefix("/") {
      throw UserFacingError("cannot use LOCKWISE_CA_FILE: the path is not absolute", exitCode: .failure)
    }
    directory = try VaultDirectory(configuration: configuration, exitCode: .failure)
    let interruption = Interruption()
    self.interruption = interruption
    var transportOptions = CurlTransport.Options(certificateFile: configuration["LOCKWISE_CA_FILE"])
    if let timeout { (transportOptions.timeout, transportOptions.connectTimeout) = (timeout, timeout) }
    let curl = LazyTransport { [transportOptions] in
      try CurlTransport(
        userAgent: "lockwise/\(Version.current)", options: transportOptions, shouldAbort: { interruption.consume() })
    }
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

  /// Returns where the logins of a vault come from.
  ///
  /// - Throws: `VaultError.missing` if it has no source; `DocumentError`.
  func source(of vault: Vault) throws -> VaultSource {
    guard let source = try VaultSource.load(from: vault) else { throw VaultError.missing(directory: directory.path) }
    return source
  }

  /// Returns the account of a vault.
  ///
  /// - Throws: `VaultError.missing` if the vault has no source; `UserFacingError` if it is a profile; `DocumentError`.
  func account(in vault: Vault) throws -> SignedInAccount {
    switch try source(of: vault) {
    case .account(let account): return account
    case .profile(let profile):
      throw UserFacingError(
        "this vault has no Sync account: its logins come from \(PrintableText.of(profile.description))",
        hints: ["sign in: lockwise-sync login"], exitCode: .failure)
    }
  }

  /// The directories for a short-lived copy of a database that Firefox is writing, in memory if possible.
  var placesForCopies: [String] {
    let path = directory.path
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) }
    return [environment["XDG_RUNTIME_DIR"], "/dev/shm", parent].compactMap(\.self).filter { $0.hasPrefix("/") }
  }
}

/// The program itself.
enum Program {
  /// The name that messages, prompts and the help show.
  static let name = "lockwise-sync"
}

/// The options of every subcommand.
struct CommonOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print each request to standard error.")
  var verbose = false
}
