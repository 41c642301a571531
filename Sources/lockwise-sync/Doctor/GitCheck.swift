import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// Checks git's credential helpers, and whether lockwise is one of them.
struct GitCheck {
  private static let helper = "git-credential-lockwise"

  private(set) var findings: [Finding] = []

  init(_ environment: Environment) {
    guard let git = ProgramSearch(environment).find("git") else {
      findings.append(.warn("git", "cannot find git in the folders of PATH", nil))
      return
    }
    guard let chain = Self.chain(environment) else {
      findings.append(
        .fail(
          "git", "git cannot read its configuration, so lockwise stores and deletes nothing",
          "find the error: git config --list"))
      return
    }
    let order = chain.helpers.map { helper in
      helper.name + (helper.url.map { " for \(Self.withoutUser($0))" } ?? "") + " (\(helper.origin))"
    }
    guard chain.helpers.contains(where: \.isLockwise) else {
      let text = order.isEmpty ? "git uses no helper" : "git uses \(order.joined(separator: ", then "))"
      findings.append(
        .warn("git", text + "; not lockwise", "set it up: lockwise-sync setup --git"))
      return
    }
    findings.append(.ok("git", "git uses \(order.joined(separator: ", then "))"))
    checkProgram(chain, git, environment)
    for helper in chain.plainStores {
      findings.append(
        .warn(
          "git",
          "git-credential-store (\(helper.origin)) saves every password that git uses to an unencrypted file, Firefox's included",
          "see how to remove it: git-credential-lockwise configure"))
    }
  }

  /// Whether git's own configuration names lockwise.
  static func callsLockwise(_ environment: Environment) -> Bool {
    chain(environment)?.helpers.contains(where: \.isLockwise) ?? false
  }

  private mutating func checkProgram(_ chain: GitHelperChain, _ git: String, _ environment: Environment) {
    for helper in chain.helpers where helper.isLockwise && !helper.value.hasPrefix("!") {
      let path = helper.program
      let isThere =
        path.hasPrefix("/")
        ? ProgramSearch.isExecutable(path)
        : ProgramSearch(environment).find(Self.helper) != nil
          || Self.execPath(git, environment).map { ProgramSearch.isExecutable($0 + "/" + Self.helper) } == true
      guard !isThere else { continue }
      findings.append(
        .fail(
          "git", path.hasPrefix("/") ? "cannot find \(path)" : "\(Self.helper) is not on PATH",
          "add its folder to PATH, or set credential.helper to its full path"))
    }
  }

  /// `nil` if git cannot read its configuration.
  private static func chain(_ environment: Environment) -> GitHelperChain? {
    let listing = try? GitConfigCommand.output(
      ["-z", "--show-origin", "--get-regexp", #"^credential\.(.*\.)?helper$"#], environment: environment)
    return listing.map { GitHelperChain(listing: $0) }
  }

  private static func execPath(_ git: String, _ environment: Environment) -> String? {
    let output = try? ChildProcess.output(of: git, ["--exec-path"], environment: environment)
    return output?.exposedText().flatMap { $0.split(separator: "\n").first.map(String.init) }
  }

  /// A URL in a key may contain a username and even a password.
  private static func withoutUser(_ url: String) -> String {
    guard let at = url.lastIndex(of: "@") else { return url }
    let start = url.firstIndex(of: "/") ?? at
    return String(url[..<min(start, at)]) + (start < at ? "//" : "") + url[url.index(after: at)...]
  }
}
