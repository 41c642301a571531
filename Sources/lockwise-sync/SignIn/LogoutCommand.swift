import ArgumentParser
import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseGit
import LockwiseSetup

struct LogoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: "Sign out and delete the vault.",
    discussion: """
      Deletes the device record and revokes the token or the session on the accounts server, then deletes the vault. If \
      the server cannot be reached, asks first. The logins stay in Firefox and on the Sync server. If they come from a \
      local Firefox, only deletes the vault.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(
    help: "Delete the vault despite errors and changes not uploaded.")
  var force = false

  /// The state of the sign-in on the server afterwards.
  private enum Outcome {
    /// There was none: the logins come from a profile.
    case local
    /// It has ended.
    case ended(String)
    /// It may still be listed in the account.
    case left(server: String?)
  }

  func run() throws {
    let context = try SyncContext(common)
    // The directory's owner and modes are checked before anything in it is deleted.
    try context.directory.checkDirectory()
    guard context.directory.hasVault else { throw VaultError.missing(directory: context.directory.path) }
    let keyFiles = Self.keyFiles(context)
    let outcome: Outcome
    do {
      outcome = try revoke(context)
    } catch  where force {
      context.diagnostics.notice("cannot revoke the token: \(UserFacingError(error).message)")
      outcome = .left(server: nil)
    }
    try delete(context)
    report(outcome, keyFiles, context)
  }

  private func revoke(_ context: SyncContext) throws -> Outcome {
    let vault = try context.unlockedVault(.reading)
    let source = try context.source(of: vault)
    try UnsentChanges(in: vault, source)?.refuse(unless: force, "lockwise-sync logout --force")
    guard case .account(let account) = source else { return .local }
    let failures = SignOut(transport: context.transport).signOut(account)
    guard !failures.isEmpty else { return .ended(account.name) }
    for failure in failures {
      context.diagnostics.notice(
        "cannot revoke the \(failure.part.rawValue) on the server: \(UserFacingError(failure.error).message)")
    }
    let isOutOfReach = failures.contains { UserFacingError($0.error).exitCode == .unreachable }
    if isOutOfReach, !force { try confirm() }
    return .left(server: account.servers.contentRoot)
  }

  /// Asks whether to delete the vault although the sign-in stays valid.
  private func confirm() throws {
    guard let terminal = TerminalPrompt() else {
      throw UserFacingError(
        "cannot reach the accounts server; nothing was deleted",
        hints: ["try again later", "or delete the vault anyway: lockwise-sync logout --force"],
        exitCode: .unreachable)
    }
    defer { terminal.finish() }
    terminal.show(
      "Cannot reach the accounts server. If the vault is deleted now, this sign-in stays listed in your")
    terminal.show("account until you disconnect it there.")
    guard ["y", "yes"].contains(try terminal.ask("Delete the vault? [y/N] ").lowercased()) else {
      throw UserFacingError("nothing was deleted", exitCode: .cancelled)
    }
  }

  private func report(_ outcome: Outcome, _ keyFiles: [String], _ context: SyncContext) {
    let diagnostics = context.diagnostics
    if case .ended(let name) = outcome { diagnostics.notice("signed out \(name)") }
    var places = "Firefox and in Sync"
    if case .local = outcome { places = "Firefox" }
    diagnostics.notice("the vault in \(context.directory.path) is deleted; the logins stay in \(places)")
    for path in keyFiles { diagnostics.notice("the key file \(path) is kept, but this vault no longer needs it") }
    if case .left(let server) = outcome {
      diagnostics.notice("this sign-in stays listed in your account until you disconnect it there")
      diagnostics.hint(
        "disconnect it in the account's settings, under Connected Services"
          + (server.map { ": \($0)/settings" } ?? ""))
    }
    if Self.hasSetUp(context) {
      diagnostics.hint("other programs still use lockwise; to stop that: lockwise-sync unsetup")
    } else if GitCheck.callsLockwise(context.environment) {
      diagnostics.hint("git still uses lockwise; to stop that: git-credential-lockwise unconfigure")
    }
  }

  /// Whether `setup` has changed something that `unsetup` can undo.
  private static func hasSetUp(_ context: SyncContext) -> Bool {
    let setup = try? SetupContext(environment: context.environment, program: ExecutablePath.own)
    return (try? setup?.record.load().changes.isEmpty) == false
  }

  private static func keyFiles(_ context: SyncContext) -> [String] {
    let slots = (try? VaultFile(in: context.directory, access: .reading).slots()) ?? []
    return slots.compactMap { slot in
      guard case .keyFile(let path) = slot.source, access(path, F_OK) == 0 else { return nil }
      return path
    }
  }

  private func delete(_ context: SyncContext) throws {
    if let file = try? VaultFile(in: context.directory, access: .reading) {
      context.session(of: file).clear()
    }
    for file in context.directory.allFiles where unlink(file) != 0 && errno != ENOENT {
      throw VaultError.system(operation: "delete \(file)", errno: errno)
    }
    // It stays if it has other files.
    rmdir(context.directory.path)
  }
}
