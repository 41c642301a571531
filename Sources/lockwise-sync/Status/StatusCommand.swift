import ArgumentParser
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the account, the vault and the servers.",
    discussion: """
      Sends one request to the storage server and waits five seconds at most. If the vault is locked, checks only \
      whether the accounts server is reachable and shows only what is not secret. If the logins come from a local \
      Firefox, sends nothing and lists the changes made here. Does not prompt and does not change the vault.
      """)

  /// The longest time for one request: the user is waiting.
  private static let timeout: Milliseconds = 5000

  @OptionGroup var common: CommonOptions

  @Flag(help: "Print a JSON object.")
  var json = false

  @Flag(help: "Send no requests.")
  var offline = false

  func run() throws {
    let context = try SyncContext(common, timeout: Self.timeout)
    let file = try VaultFile(in: context.directory, access: .reading)
    let vault = try keys(file, context)
    var status = try VaultStatus(file: file, keys: vault, context.configuration, now: context.clock.now())
    if !offline {
      if let vault {
        if status.hasAccount { status.storage = try StorageState(of: vault, isTokenNew: false, context) }
      } else if let server = ServerAddressFile.read(in: context.directory) {
        status.server = AccountsServerState(server, context.transport)
      }
    }
    let text = json ? status.json : status.text(now: context.clock.now())
    print(text)
  }

  /// The vault unlocked with the session's keys or a key file; `nil` if neither opens it. Does not run the unlock
  /// command, which may prompt.
  private func keys(_ file: VaultFile, _ context: SyncContext) throws -> Vault? {
    let session = context.session(of: file)
    // Printing the status must not keep the vault unlocked.
    if let keys = session.load(renewing: false) { return try file.unlock(with: keys) }
    for slot in try file.slots() {
      guard case .keyFile(let path) = slot.source, let content = try? Unlocker.readKeyFile(path) else { continue }
      do {
        return try file.unlock(slot, with: content)
      } catch VaultError.wrongKey {
        continue
      }
    }
    return nil
  }
}
