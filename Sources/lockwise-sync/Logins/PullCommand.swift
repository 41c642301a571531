import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseGit
import LockwiseSync

struct PullCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Fetch changes from the Sync server.",
    discussion: """
      Merges the fetched changes with those made here and uploads the result, like push. A record that is not a valid \
      login is set aside and counted. Nothing is lost if the command is interrupted.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var quiet: QuietOption
  @OptionGroup var background: BackgroundOption

  func run() throws { try Synchronization.run(common, isQuiet: quiet.quiet, isBackground: background.background) }
}

struct PushCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "push", abstract: "Upload the changes made on this machine.",
    discussion: """
      Fetches new records first and merges them with the changes made here, so that no unseen change is overwritten. \
      Changes that the server does not accept stay in the vault.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var quiet: QuietOption
  @OptionGroup var background: BackgroundOption

  func run() throws { try Synchronization.run(common, isQuiet: quiet.quiet, isBackground: background.background) }
}

struct QuietOption: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print only errors and warnings.")
  var quiet = false
}

/// The flag of a run that another program of the suite started and does not wait for.
struct BackgroundOption: ParsableArguments {
  @Flag(help: .hidden)
  var background = false
}

/// The run of `pull` and `push`.
enum Synchronization {
  static func run(_ options: CommonOptions, isQuiet: Bool, isBackground: Bool) throws {
    let context = try SyncContext(options)
    guard let session = try SyncSession.open(context, yields: isBackground) else {
      if !isQuiet { context.diagnostics.notice("another sync has just finished") }
      return
    }
    let result = try session.synchronize(isShown: !isQuiet)
    for (guid, reason) in result.refused.sorted(by: { $0.key < $1.key }) where result.newlyRefused.contains(guid) {
      context.diagnostics.notice("the server does not accept login \(guid): \(reason)")
      context.diagnostics.hint("it stays in the vault; see lockwise-sync status")
    }
    if let repair = result.pull.repair { context.diagnostics.notice(repair.notice) }
    guard !isQuiet else { return }
    for notice in result.pull.notices {
      context.diagnostics.notice(notice.description)
      context.diagnostics.hint(notice.hint)
    }
    if let alert = result.pull.alert { context.diagnostics.notice("message from the server: \(alert.message)") }
    print(result.summary)
  }
}

extension VaultRepair {
  /// One line: the damage and what could not be restored.
  fileprivate var notice: String {
    func count(_ number: Int, _ one: String, _ many: String) -> String? {
      number == 0 ? nil : number == 1 ? "1 \(one)" : "\(number) \(many)"
    }
    let lost = [
      count(changes, "change that was not uploaded", "changes that were not uploaded"),
      count(deletedLogins, "deleted login", "deleted logins"),
      documents.contains(.gitMemory) ? "the git helper's memory" : nil,
    ].compactMap { $0 }
    return "the vault was damaged; all logins were fetched again"
      + (lost.isEmpty ? "; nothing was lost" : "; lost: " + lost.joined(separator: ", "))
  }
}

extension PushResult {
  /// One line: the number of logins, the fetched changes and the uploaded changes.
  fileprivate var summary: String {
    var parts: [String] = []
    let logins = Quantity.of(pull.totalLogins, "login")
    switch pull.extent {
    case .nothing: parts.append("\(logins), up to date")
    case .changes: parts.append("\(logins), \(pull.added) new, \(pull.changed) changed, \(pull.removed) removed")
    case .everything: parts.append("\(logins) fetched")
    }
    if pull.merged > 0 { parts.append("\(pull.merged) merged") }
    if uploaded > 0 { parts.append("\(uploaded) uploaded") }
    if waiting > 0 { parts.append("\(waiting) waiting to be uploaded") }
    if pull.totalSetAside > 0 {
      parts.append("\(Quantity.of(pull.totalSetAside, "record")) set aside (see lockwise-sync status)")
    }
    return parts.joined(separator: ", ")
  }
}
