import ArgumentParser
import LockwiseCore
import LockwiseSync

struct PullCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Fetch what changed on the Sync server.",
    discussion: """
      Changes made here are merged with what came and uploaded, as by push. A record that is no valid login is set aside \
      and counted; the rest is taken. Interrupted at any point, nothing is lost.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var quiet: QuietOption
  @OptionGroup var background: BackgroundOption

  func run() throws { try Synchronization.run(common, isQuiet: quiet.quiet, isBackground: background.background) }
}

struct PushCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "push", abstract: "Upload what was changed here.",
    discussion: """
      Fetches what is new first and merges it with the changes made here, so that nothing is overwritten that was not \
      seen. What the server did not take stays for the next time.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var quiet: QuietOption
  @OptionGroup var background: BackgroundOption

  func run() throws { try Synchronization.run(common, isQuiet: quiet.quiet, isBackground: background.background) }
}

struct QuietOption: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print nothing unless something goes wrong.")
  var quiet = false
}

/// What other programs of the suite say when they start a run and do not wait for it.
struct BackgroundOption: ParsableArguments {
  @Flag(help: .hidden)
  var background = false
}

/// What `pull` and `push` do.
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
  /// One line: what was wrong, and what does not come back.
  fileprivate var notice: String {
    func count(_ number: Int, _ one: String, _ many: String) -> String? {
      number == 0 ? nil : number == 1 ? "1 \(one)" : "\(number) \(many)"
    }
    let lost = [
      count(changes, "change that was not uploaded", "changes that were not uploaded"),
      count(deletedLogins, "deleted login", "deleted logins"),
      documents.contains(.gitMemory) ? "what git's helper remembered" : nil,
    ].compactMap { $0 }
    return "the vault was damaged; all logins were fetched again"
      + (lost.isEmpty ? ", nothing is lost" : "; lost: " + lost.joined(separator: ", "))
  }
}

extension PushResult {
  /// One line: what is there, what changed here, and what went up.
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
