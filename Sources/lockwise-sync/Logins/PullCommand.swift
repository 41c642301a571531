import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseGit
import LockwiseSync

struct PullCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Fetch changes from the Sync server or the local Firefox.",
    discussion: """
      Merges the fetched changes with those made here and uploads the result, like push. A record that is not a valid \
      login is set aside and counted. Nothing is lost if the command is interrupted.

      After login --local, reads the profile if its files changed since the last pull, and asks for the primary password \
      if there is one. Nothing is written to the profile.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var quiet: QuietOption
  @OptionGroup var background: BackgroundOption

  @Option(
    help: ArgumentHelp(
      "Read a profile's primary password from the first line this command prints.", valueName: "command"))
  var passwordCommand: String?

  func run() throws {
    try Synchronization.run(
      common, isQuiet: quiet.quiet, isBackground: background.background, passwordCommand: passwordCommand)
  }
}

struct PushCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "push", abstract: "Upload the changes made on this machine.",
    discussion: """
      Fetches new records first and merges them with the changes made here, so that no unseen change is overwritten. \
      Changes that the server does not accept stay in the vault. After login --local, changes stay in the vault: export \
      --changed writes them for Firefox.
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
  /// Runs a `pull` or `push` with no other options than those of helpers. The argument parser would need more time than
  /// a pull from a profile that has not changed.
  ///
  /// - Parameter arguments: the command line without the program's name.
  /// - Returns: `false` if it is another command line, which must be parsed.
  static func runPlain(_ arguments: [String]) throws -> Bool {
    guard ["pull", "push"].contains(arguments.first) else { return false }
    let options = Set(arguments.dropFirst())
    guard options.isSubset(of: ["--quiet", "--background"]) else { return false }
    try run(nil, isQuiet: options.contains("--quiet"), isBackground: options.contains("--background"))
    return true
  }

  /// Runs one of the two.
  ///
  /// - Parameters:
  ///   - isBackground: whether another program of the suite started it and does not wait.
  ///   - passwordCommand: prints a profile's primary password; `nil` to ask the user.
  static func run(
    _ options: CommonOptions?, isQuiet: Bool, isBackground: Bool, passwordCommand: String? = nil
  ) throws {
    let context = try SyncContext(options)
    guard let session = try SyncSession.open(context, yields: isBackground) else {
      if !isQuiet { context.diagnostics.notice("another sync has just finished") }
      return
    }
    let password = PrimaryPassword(context, command: passwordCommand)
    let result = try session.synchronize(isShown: !isQuiet, password)
    for (guid, reason) in result.refused.sorted(by: { $0.key < $1.key }) where result.newlyRefused.contains(guid) {
      context.diagnostics.notice("the server does not accept login \(guid): \(reason)")
      context.diagnostics.hint("it stays in the vault; see lockwise-sync status")
    }
    if let repair = result.pull.repair { context.diagnostics.notice(repair.notice) }
    guard !isQuiet else { return }
    result.pull.showNotices(context.diagnostics)
    if case .profile = session.source {
      print(result.summary(waiting: "only here (see lockwise-sync status)"))
    } else {
      print(result.summary(waiting: "waiting to be uploaded"))
    }
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
  /// Returns one line: the number of logins, the fetched changes and the uploaded changes.
  ///
  /// - Parameter state: what the changes are that were not uploaded.
  fileprivate func summary(waiting state: String) -> String {
    var parts: [String] = []
    let logins = Quantity.of(pull.totalLogins, "login")
    switch pull.extent {
    case .nothing: parts.append("\(logins), up to date")
    case .changes: parts.append("\(logins), \(pull.added) new, \(pull.changed) changed, \(pull.removed) removed")
    case .everything: parts.append("\(logins) fetched")
    }
    if pull.merged > 0 { parts.append("\(pull.merged) merged") }
    if uploaded > 0 { parts.append("\(uploaded) uploaded") }
    if waiting > 0 { parts.append("\(waiting) \(state)") }
    if pull.totalSetAside > 0 {
      parts.append("\(Quantity.of(pull.totalSetAside, "record")) set aside (see lockwise-sync status)")
    }
    return parts.joined(separator: ", ")
  }
}
