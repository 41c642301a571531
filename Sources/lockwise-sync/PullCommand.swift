import ArgumentParser
import Glibc
import LockwiseAccounts
import LockwiseCore
import LockwiseSync

struct PullCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Fetch what changed on the Sync server since the last pull.",
    discussion: """
      Nothing is ever written to the server. A record that is no valid login is set aside and counted; the rest \
      is taken. Interrupted at any point, the vault stays as it was.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(name: .shortAndLong, help: "Say nothing unless something goes wrong.")
  var quiet = false

  func run() throws {
    let context = try SyncContext(common)
    try context.directory.check()
    guard let lock = try PullLock.take(context.directory, now: context.clock.now) else {
      if !quiet { context.diagnostics.notice("another run has just pulled") }
      return
    }
    defer { lock.release() }
    let vault = try context.unlockedVault(.writing)
    let result = try pull(vault, context)
    lock.notePulled()
    guard !quiet else { return }
    for notice in result.notices {
      context.diagnostics.notice(notice.description)
      context.diagnostics.hint(notice.hint)
    }
    if let alert = result.alert { context.diagnostics.notice("the server says: \(alert.message)") }
    print(result.summary)
  }

  private func pull(_ vault: Vault, _ context: SyncContext) throws -> PullResult {
    let account = try context.account(in: vault)
    let source = VaultCredentialsSource(
      StorageCredentialsProvider(account: account, documents: vault, transport: context.transport))
    let client = StorageClient(
      environment: StorageEnvironment(
        transport: context.transport, random: SystemRandom(), now: context.clock.now,
        sleep: { usleep(UInt32(clamping: $0 * 1000)) }),
      credentials: source, documents: vault)
    source.noteBackoff = { try client.backoff.note(seconds: $0, now: context.clock.now()) }
    var pull = Pull(
      client: client, syncKey: try SyncKeyBundle(syncKey: account.syncKey.key), mirror: vault,
      now: context.clock.now)
    let progress = ProgressLine(isShown: !quiet && isatty(2) == 1)
    pull.progress = { records, expected in
      progress.show(expected.map { "\(records) of \($0) records" } ?? "\(records) records")
    }
    defer { progress.clear() }
    return try pull.run()
  }
}

extension PullResult {
  /// One line: what is there, and what this pull changed.
  fileprivate var summary: String {
    var parts = ["\(totalLogins) logins"]
    switch extent {
    case .nothing: parts.append("nothing new")
    case .changes: parts.append("\(added) new, \(changed) changed, \(removed) removed")
    case .everything: parts.append("downloaded as a whole")
    }
    if totalSetAside > 0 { parts.append("\(totalSetAside) records set aside (see lockwise-sync status)") }
    return parts.joined(separator: ", ")
  }
}
