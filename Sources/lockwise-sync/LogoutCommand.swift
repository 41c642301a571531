import ArgumentParser
import Glibc
import LockwiseAccounts
import LockwiseCore

struct LogoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: "Sign out and delete the vault.",
    discussion: """
      Deletes the device record and revokes the token on the accounts server, or ends the session that is kept, forgets the keys and deletes the vault, which it does even if the \
      server cannot be reached, and says so. The logins stay in Firefox and on the Sync server.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Delete the vault even if changes in it are not uploaded, or it cannot be unlocked to revoke its token.")
  var force = false

  func run() throws {
    let context = try SyncContext(common)
    // The directory's owner and modes are checked before anything in it is deleted.
    try context.directory.checkDirectory()
    guard context.directory.hasVault else { throw VaultError.missing(directory: context.directory.path) }
    do {
      try revoke(context)
    } catch  where force {
      context.diagnostics.notice("the token was not revoked: \(Explanation(ofAny: error).error)")
      hintToRevoke(context)
    }
    try delete(context)
  }

  private func revoke(_ context: SyncContext) throws {
    let vault = try context.unlockedVault(.reading)
    try UnsentChanges(in: vault)?.refuse(unless: force, "lockwise-sync logout --force")
    defer { context.session(of: vault.file).clear() }
    let account = try context.account(in: vault)
    let failures = SignOut(transport: context.transport).signOut(account)
    for failure in failures {
      context.diagnostics.notice(
        "the \(failure.part.rawValue) could not be revoked on the server: \(Explanation(ofAny: failure.error).error)")
    }
    if failures.isEmpty {
      context.diagnostics.notice("signed out \(account.name)")
    } else {
      hintToRevoke(context)
    }
  }

  private func hintToRevoke(_ context: SyncContext) {
    context.diagnostics.hint("disconnect it in the account's settings, under connected services")
  }

  private func delete(_ context: SyncContext) throws {
    if let file = try? VaultFile(in: context.directory, access: .reading) {
      context.session(of: file).clear()
    }
    for file in context.directory.allFiles where unlink(file) != 0 && errno != ENOENT {
      throw VaultError.system(operation: "delete \(file)", errno: errno)
    }
    // It stays if somebody keeps something else in it.
    rmdir(context.directory.path)
  }
}
