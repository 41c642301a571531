import Glibc
import LockwiseCore

/// Puts this program among git's credential helpers, or takes it out, and leaves all others alone.
struct ConfigureCommand {
  /// The file that is changed.
  enum Scope: String {
    /// The user's.
    case global = "--global"
    /// The machine's.
    case system = "--system"
  }

  private static let key = "credential.helper"
  private static let listing = ["--show-origin", "--get-regexp", #"^credential\.(.*\.)?helper$"#]

  let environment: Environment
  let diagnostics: Diagnostics

  /// The scope that the command line names; `nil` if it makes no sense.
  static func scope(_ arguments: [String]) -> Scope? {
    arguments.isEmpty ? .global : arguments.count == 1 ? Scope(rawValue: arguments[0]) : nil
  }

  /// Adds this program behind the helpers that the file names already, unless it is among them.
  func configure(_ scope: Scope) -> ExitCode {
    guard let chain = chain(scope) else { return .failure }
    if chain.helpers.contains(where: { $0.isLockwise && $0.url == nil }) {
      diagnostics.notice("git calls it already; nothing was changed")
      return .success
    }
    return git(["config", scope.rawValue, "--add", Self.key, helperName]) == nil ? .failure : .success
  }

  /// Removes this program wherever the file names it.
  func unconfigure(_ scope: Scope) -> ExitCode {
    guard let listing = list(scope) else { return .failure }
    for helper in GitHelperChain.all(listing: listing) where helper.isLockwise {
      if helper.value.hasPrefix("!") {
        diagnostics.notice("a shell command that calls it is left in \(helper.origin)")
        continue
      }
      let key = helper.url.map { "credential.\($0).helper" } ?? Self.key
      // 5: it stands there no more, because it stood there twice (git-config(1)).
      guard git(["config", scope.rawValue, "--fixed-value", "--unset-all", key, helper.value], allowing: 5) != nil
      else { return .failure }
    }
    return .success
  }

  /// One line on whether git will call it, and where that is set.
  func status() -> String {
    guard let listing = list(nil) else { return "git could not be asked whether it calls it" }
    let ours = GitHelperChain(listing: listing).helpers.filter(\.isLockwise)
    guard !ours.isEmpty else { return "git does not call it; to have it called: \(CommandLineProgram.name) configure" }
    let places = ours.map { helper in (helper.url == nil ? "for every URL" : "for some URLs") + " (\(helper.origin))" }
    return "git calls it " + places.joined(separator: ", ")
  }

  private func chain(_ scope: Scope) -> GitHelperChain? { list(scope).map { GitHelperChain(listing: $0) } }

  /// `nil` if git does not work; a listing that finds nothing fails with 1 (git-config(1)).
  private func list(_ scope: Scope?) -> [UInt8]? {
    git(["config", "-z"] + (scope.map { [$0.rawValue] } ?? []) + Self.listing, allowing: 1)
  }

  private func git(_ arguments: [String], allowing allowed: Int32? = nil) -> [UInt8]? {
    do {
      let output = try ChildProcess.output(of: "git", arguments, environment: environment, in: .current, limit: 1 << 20)
      return output.withUnsafeBytes { Array($0) }
    } catch ChildProcess.Failure.failed(_, let status) where status != nil && status == allowed {
      return []
    } catch ChildProcess.Failure.notFound {
      diagnostics.error("cannot find git in the folders of PATH")
    } catch {
      diagnostics.error("git config failed; nothing was changed")
    }
    return nil
  }

  /// By its short name where git finds it so, else by its path, as git takes it.
  private var helperName: String {
    guard ProgramSearch(environment).find(CommandLineProgram.name) == nil, let path = ExecutablePath.own else {
      return "lockwise"
    }
    return GitHelperChain.Helper.value(path: path)
  }
}
