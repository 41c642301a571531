import Glibc
import LockwiseCLI
import LockwiseCore

/// Adds this program to git's credential helpers or removes it. Other helpers are not changed.
struct ConfigureCommand {
  /// The configuration file to change.
  enum Scope: String {
    /// The user's file.
    case global = "--global"
    /// The machine's file.
    case system = "--system"
  }

  private static let key = "credential.helper"
  private static let listing = ["--show-origin", "--get-regexp", #"^credential\.(.*\.)?helper$"#]

  let environment: Environment
  let diagnostics: Diagnostics

  /// Returns the scope that the arguments name; `nil` if they are invalid.
  static func scope(_ arguments: [String]) -> Scope? {
    arguments.isEmpty ? .global : arguments.count == 1 ? Scope(rawValue: arguments[0]) : nil
  }

  /// Adds this program after the file's other helpers unless it is among them, and reports the change.
  func configure(_ scope: Scope) -> ExitCode {
    guard let chain = chain(scope) else { return .failure }
    if chain.helpers.contains(where: { $0.isLockwise && $0.url == nil }) {
      diagnostics.notice("git uses it already. Nothing was changed")
    } else {
      guard git([scope.rawValue, "--add", Self.key, helperName]) != nil else { return .failure }
      let place = self.chain(scope)?.helpers.last { $0.isLockwise && $0.url == nil }?.origin ?? scope.rawValue
      diagnostics.notice("git uses it now, for every URL: \(Self.key) = \(helperName) was added (\(place))")
    }
    warnOfPlainStores()
    return .success
  }

  /// Warns of helpers that write passwords to plain-text files. git passes each verified password to every helper,
  /// including passwords from Firefox.
  private func warnOfPlainStores() {
    guard let listing = list(nil) else { return }
    for helper in GitHelperChain(listing: listing).plainStores {
      diagnostics.error(
        "git-credential-store (\(helper.origin)) saves every password that git uses to an unencrypted file, Firefox's included"
      )
      for command in helper.removalCommands(environment) { diagnostics.hint(command) }
    }
  }

  /// Removes all entries of this program from the file and reports the change.
  func unconfigure(_ scope: Scope) -> ExitCode {
    guard let listing = list(scope) else { return .failure }
    var removed: [String] = []
    for helper in GitHelperChain.all(listing: listing) where helper.isLockwise {
      if helper.value.hasPrefix("!") {
        diagnostics.notice("a shell command that calls it is left in \(helper.origin)")
        continue
      }
      let key = helper.url.map { "credential.\($0).helper" } ?? Self.key
      // Status 5 means that an equal entry was removed together with another (git-config(1)).
      guard git([scope.rawValue, "--fixed-value", "--unset-all", key, helper.value], allowing: 5) != nil
      else { return .failure }
      if !removed.contains(helper.origin) { removed.append(helper.origin) }
    }
    diagnostics.notice(
      removed.isEmpty
        ? "git does not use it. Nothing was changed"
        : "git no longer uses it: removed (\(removed.joined(separator: ", ")))")
    return .success
  }

  /// Returns a line that reports whether git uses this program and where that is set.
  func status() -> String {
    guard let listing = list(nil) else { return "cannot ask git whether it uses this helper" }
    let ours = GitHelperChain(listing: listing).helpers.filter(\.isLockwise)
    guard !ours.isEmpty else {
      return "git does not use it yet. To set it up: \(GitCredentialProgram.name) configure"
    }
    let places = ours.map { helper in (helper.url == nil ? "for every URL" : "for some URLs") + " (\(helper.origin))" }
    return "git uses it " + places.joined(separator: ", ")
  }

  private func chain(_ scope: Scope) -> GitHelperChain? { list(scope).map { GitHelperChain(listing: $0) } }

  /// Returns git's list of helpers; `nil` if git does not work. An empty list has status 1 (git-config(1)).
  private func list(_ scope: Scope?) -> [UInt8]? {
    git(["-z"] + (scope.map { [$0.rawValue] } ?? []) + Self.listing, allowing: 1)
  }

  private func git(_ arguments: [String], allowing allowed: Int32 = 0) -> [UInt8]? {
    do {
      return try GitConfigCommand.output(arguments, environment: environment, silent: allowed)
    } catch ChildProcess.Failure.notFound {
      diagnostics.error("cannot find git in the folders of PATH")
    } catch {
      diagnostics.error("git config failed; nothing was changed")
    }
    return nil
  }

  /// The name of this program for git: the short name if git can find it, else the path.
  private var helperName: String {
    guard ProgramSearch(environment).find(GitCredentialProgram.name) == nil, let path = ExecutablePath.own else {
      return "lockwise"
    }
    return GitHelperChain.Helper.value(path: path)
  }
}
