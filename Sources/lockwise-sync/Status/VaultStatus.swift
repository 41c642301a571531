import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseGit
import LockwiseSync

/// The output of `status`.
struct VaultStatus {
  private let directory: String
  private let unlockedBy: [String]
  /// The slots with paths and the command.
  private let slots: [String]
  private let unlockCommand: String?
  private let contents: Contents?
  /// The state of the storage server; `nil` if it was not checked.
  var storage: StorageState?
  /// The state of the accounts server, for a locked vault; `nil` if it was not checked.
  var server: AccountsServerState?

  /// The parts that only an unlocked vault shows.
  private struct Contents {
    let source: VaultSource
    let state: SyncState
    let logins: Int
    /// The changes that only the vault has.
    let changes: [LocalChange]
    /// The changes that the server does not accept, with the reasons.
    let refused: [(guid: String, reason: String)]
    let aside: [SetAsideRecord]
    /// The logins that git is not offered because a host refused them.
    let notOffered: [RefusedLogin]
  }

  /// - Parameters:
  ///   - file: the vault's file.
  ///   - keys: the vault if it is unlocked.
  ///   - configuration: the configuration with the unlock command.
  ///   - now: the current time.
  /// - Throws: `VaultError`, `DocumentError`.
  init(file: VaultFile, keys vault: Vault?, _ configuration: Configuration, now: Milliseconds) throws {
    directory = file.directory.path
    let slots = try file.slots()
    unlockedBy = slots.map(\.source.name)
    self.slots = slots.map { SlotLine($0, configuration).description }
    unlockCommand = configuration.unlockCommand
    contents = try vault.map { vault in
      guard let source = try VaultSource.load(from: vault) else {
        throw VaultError.missing(directory: file.directory.path)
      }
      return Contents(
        source: source, state: try vault.syncState(), logins: try vault.loginCount(),
        changes: try vault.localChanges(),
        refused: try vault.outbox().compactMap { entry in entry.refusal.map { (entry.guid, $0) } },
        aside: try vault.setAsideRecords(), notOffered: try vault.refusedLogins(now: Seconds(now)))
    }
  }

  /// Whether the logins come from an account; `false` also for a locked vault.
  var hasAccount: Bool {
    guard case .account = contents?.source else { return false }
    return true
  }

  /// The lines of text.
  ///
  /// - Parameter now: the current time.
  func text(now: Milliseconds) -> String {
    var lines = ["vault:      \(directory)", "unlocks by: \(slots.joined(separator: ", "))"]
    guard let contents else { return (lines + ["locked:     yes"] + serverLines).joined(separator: "\n") }
    lines.append("locked:     no")
    lines += sourceLines(contents.source)
    lines += storageLines
    lines.append("logins:     \(contents.logins)")
    lines += changeLines(contents)
    lines += contents.refused.map {
      "  not accepted by the server: \(PrintableText.of($0.guid)): \(PrintableText.of($0.reason))"
    }
    lines.append("last pull:  \(contents.state.lastSuccess.map { Age.text(now - $0) } ?? "never")")
    lines += contents.state.notices.map { "notice:     \($0.description)" }
    if !contents.aside.isEmpty { lines.append("set aside:  \(Quantity.of(contents.aside.count, "record"))") }
    lines += contents.aside.map { "  \(PrintableText.of($0.id)): \($0.reason)" }
    lines += contents.notOffered.map { login in
      let name = PrintableText.of(login.name)
      return "not offered to git: \(name) until \(login.until.localTime), refused by \(login.origin)"
    }
    return lines.joined(separator: "\n")
  }

  private func sourceLines(_ source: VaultSource) -> [String] {
    switch source {
    case .account(let account):
      ["account:    \(PrintableText.of(account.name))", "server:     \(account.servers.contentRoot)"]
    case .profile(let profile):
      [
        "profile:    \(PrintableText.of(profile.description))", "            \(PrintableText.of(profile.directory))",
        "key kept:   \(profile.key == nil ? "no" : "yes")",
      ]
    }
  }

  /// The number of changes; with a profile, which they never reach by themselves, also their names.
  private func changeLines(_ contents: Contents) -> [String] {
    guard !contents.changes.isEmpty else { return [] }
    guard case .profile = contents.source else { return ["to upload:  \(contents.changes.count)"] }
    return ["only here:  \(Quantity.of(contents.changes.count, "change"))"]
      + contents.changes.map { "  \(PrintableText.of($0.name)) (\($0.kind.rawValue))" }
  }

  private var storageLines: [String] {
    guard let storage else { return [] }
    return ["storage:    \(PrintableText.of(storage.text))"]
      + (storage.hint.map { ["            \(PrintableText.of($0))"] } ?? [])
  }

  private var serverLines: [String] {
    guard let server else { return [] }
    guard let problem = server.problem else { return ["server:     \(server.contentRoot) is reachable"] }
    return ["server:     \(PrintableText.of(problem.text))"]
      + (problem.hint.map { ["            \(PrintableText.of($0))"] } ?? [])
  }

  /// The status as a JSON object. Times are milliseconds since 1970, null for never. A locked vault shows only what is
  /// not secret.
  var json: String {
    var writer = JSONObjectWriter()
    writer.member("vault", directory)
    writer.member("unlocksBy", jsonArray: unlockedBy.map { SecretBytes(utf8: "\"\($0)\"") })
    if let unlockCommand {
      writer.member("unlockCommand", unlockCommand)
    } else {
      writer.memberNull("unlockCommand")
    }
    writer.member("locked", contents == nil)
    if let contents {
      Self.write(contents.source, to: &writer)
      writer.member("logins", Int64(contents.logins))
      writer.member("waiting", Int64(contents.changes.count))
      writer.member("changes", jsonArray: contents.changes.map(Self.json))
      if let time = contents.state.lastSuccess {
        writer.member("lastPull", time.rawValue)
      } else {
        writer.memberNull("lastPull")
      }
      if let time = contents.state.lastAttempt {
        writer.member("lastAttempt", time.rawValue)
      } else {
        writer.memberNull("lastAttempt")
      }
      writer.member(
        "notices", jsonArray: contents.state.notices.map { SecretBytes(utf8: "\"\($0.rawValue)\"") })
      writer.member("setAside", jsonArray: contents.aside.map { Self.json($0.id, $0.reason) })
      writer.member("refused", jsonArray: contents.refused.map { Self.json($0.guid, $0.reason) })
      writer.member("notOffered", jsonArray: contents.notOffered.map(Self.json))
    }
    if let storage { writer.member("storage", json: storage.json) }
    if let server {
      writer.member("server", server.contentRoot)
      writer.member("serverReachable", server.problem?.isFailure != true)
    }
    return writer.finish().exposedText() ?? "{}"
  }

  private static func write(_ source: VaultSource, to writer: inout JSONObjectWriter) {
    switch source {
    case .account(let account):
      if let email = account.email { writer.member("email", email) } else { writer.memberNull("email") }
      writer.member("uid", account.uid)
      writer.member("server", account.servers.contentRoot)
    case .profile(let profile):
      writer.member("application", profile.application)
      writer.member("profile", profile.name)
      writer.member("directory", profile.directory)
      writer.member("keyKept", profile.key != nil)
    }
  }

  private static func json(_ change: LocalChange) -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("id", change.guid)
    writer.member("name", change.name)
    writer.member("kind", change.kind.rawValue)
    return writer.finish()
  }

  private static func json(_ login: RefusedLogin) -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("name", login.name)
    writer.member("by", login.origin)
    writer.member("until", Milliseconds(login.until).rawValue)
    return writer.finish()
  }

  private static func json(_ id: String, _ reason: String) -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("id", id)
    writer.member("reason", reason)
    return writer.finish()
  }
}
