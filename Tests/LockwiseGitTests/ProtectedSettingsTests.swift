import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// The sources of settings. Settings that permit more must be the user's, and restrictions may be a repository's. If
/// the configuration cannot be read, it permits nothing.
@Suite struct ProtectedSettingsTests {
  private static let get = "protocol=https\nhost=h.example\n"
  private static let gist = "protocol=https\nhost=gist.h.example\n"
  private static let alias = "[lockwise]\nalias = gist.h.example:h.example\n"
  private static let eraseWeb = get + "username=alice\npassword=web\n"
  private static let created = #"{"created":true}"#

  private func makeHelper() throws -> HelperVault {
    try HelperVault([
      HelperVault.login("{1}", password: "web"),
      HelperVault.login("{2}", realm: "git", username: "bob", password: "token", git: Self.created),
    ])
  }

  private static let both = ["form alice web", "git bob token"]

  // MARK: Permissions

  @Test func aRepositorysAliasIsIgnored() throws {
    for text in [Self.alias, Self.alias.replacing("[lockwise]", with: "[lockwise \"https://gist.h.example\"]")] {
      let helper = try makeHelper()
      try helper.makeRepository(text)
      #expect(helper.run("get", Self.gist).output.isEmpty, "local")
      try helper.makeRepository("", worktree: text)
      #expect(helper.run("get", Self.gist).output.isEmpty, "worktree")
      let included = helper.root.appendingPathComponent("included")
      try text.write(to: included, atomically: true, encoding: .utf8)
      try helper.makeRepository("[include]\npath = \(included.path)")
      #expect(helper.run("get", Self.gist).output.isEmpty, "included by a repository")
      #expect(helper.gitCalls == 3)
      // An empty value in a repository does not clear the list either.
      try helper.configure(text)
      try helper.makeRepository("[lockwise]\nalias =")
      #expect(helper.run("get", Self.gist).output.contains("password=token"), "global")
    }
  }

  @Test(arguments: ["global", "system", "command", "included", "conditional"])
  func anAliasOfTheUserAnswersInARepository(scope: String) throws {
    let helper = try makeHelper()
    try helper.makeRepository("")
    let file = helper.root.appendingPathComponent("settings")
    try Self.alias.write(to: file, atomically: true, encoding: .utf8)
    switch scope {
    case "system":
      helper.variables["GIT_CONFIG_NOSYSTEM"] = nil
      helper.variables["GIT_CONFIG_SYSTEM"] = file.path
    case "command":
      helper.variables["GIT_CONFIG_COUNT"] = "1"
      helper.variables["GIT_CONFIG_KEY_0"] = "lockwise.alias"
      helper.variables["GIT_CONFIG_VALUE_0"] = "gist.h.example:h.example"
    case "included": try helper.configure("[include]\npath = \(file.path)")
    case "conditional": try helper.configure("[includeIf \"gitdir:**\"]\npath = \(file.path)")
    default: try helper.configure(Self.alias)
    }
    #expect(helper.run("get", Self.gist).output.contains("password=token"))
  }

  @Test func aRepositoryCannotDeleteABrowsersLogin() throws {
    let helper = try makeHelper()
    try helper.makeRepository("[lockwise]\nerase = all\n[lockwise \"https://h.example\"]\nerase = all")
    helper.run("erase", Self.eraseWeb)
    #expect(try helper.logins() == Self.both)
    try helper.configure("[lockwise]\nerase = all")
    helper.run("erase", Self.eraseWeb)
    #expect(try helper.logins() == ["git bob token"])
  }

  @Test func aRepositoryCannotLiftReadOnly() throws {
    let helper = try makeHelper()
    try helper.configure("[lockwise]\nerase = none\nstore = false")
    try helper.makeRepository("[lockwise \"https://h.example\"]\nerase = own\nstore = true")
    helper.run("erase", Self.get + "username=bob\npassword=token\n")
    helper.run("store", Self.get + "username=carol\npassword=x\n")
    #expect(try helper.logins() == Self.both)
  }

  /// A repository can neither make a refused password be sent repeatedly nor prevent it for good.
  @Test(arguments: ["never", "100 years"]) func aRepositoryCannotSetTheRefusalTime(span: String) throws {
    let helper = try makeHelper()
    try helper.makeRepository("[lockwise]\nrefusedFor = \(span)")
    helper.run("erase", Self.eraseWeb)
    let request = Self.get + "username=alice\n"
    #expect(helper.run("get", request).output.isEmpty)
    helper.now += 30 * 86_400
    #expect(helper.run("get", request).output.contains("password=web"))
  }

  // MARK: Restrictions

  @Test func aRepositoryMaySetReadOnly() throws {
    let helper = try makeHelper()
    try helper.configure("[lockwise]\nerase = all\nstore = true")
    try helper.makeRepository("[lockwise]\nerase = none")
    helper.run("erase", Self.get + "username=bob\npassword=token\n")
    #expect(try helper.logins() == Self.both)
    try helper.makeRepository("", worktree: "[lockwise]\nstore = false")
    helper.run("store", Self.get + "username=carol\npassword=x\n")
    helper.run("erase", Self.eraseWeb)
    #expect(try helper.logins() == Self.both)
    try helper.makeRepository("[lockwise]\nstore = perhaps")
    let run = helper.run("store", Self.get + "username=carol\npassword=x\n")
    #expect(run.errors.contains("lockwise.store is neither true nor false"))
    #expect(try helper.logins() == Self.both)
  }

  /// Like `credential.username`, it only selects one of the host's accounts.
  @Test func aRepositoryMayChooseTheAccount() throws {
    let helper = try makeHelper()
    #expect(helper.run("get", Self.get).output.contains("username=bob"))
    try helper.makeRepository("[credential]\nlockwiseEntry = h.example/alice")
    #expect(helper.run("get", Self.get).output.contains("username=alice"))
  }

  // MARK: Unreadable configuration

  private enum Fault: String, CaseIterable {
    case missing, brokenFile, oldGit, signal, wrongText, tooLong, stuck, stuckSilently
  }

  /// Makes `git config` fail.
  private func apply(_ fault: Fault, to helper: HelperVault) throws {
    let git = helper.root.appendingPathComponent("bin/git")
    func replace(_ script: String) throws {
      try ("#!/bin/sh\n" + script + "\n").write(to: git, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: git.path)
    }
    switch fault {
    case .missing:
      helper.variables["PATH"] = helper.root.appendingPathComponent("bin").path
    case .brokenFile: try helper.configure("[lockwise")
    // Before git 2.26: an unknown option.
    case .oldGit: try replace("case \"$*\" in *--show-scope*) echo usage >&2; exit 129;; esac")
    case .signal: try replace("kill -KILL $$")
    case .wrongText: try replace("printf 'lockwise.store\\ntrue\\0'")
    case .stuck:
      try replace("exec sleep 60")
      helper.gitTimeout = 100
    case .stuckSilently:
      try replace("exec >&-; exec sleep 60")
      helper.gitTimeout = 100
    case .tooLong: try replace("head -c 2000000 /dev/zero")
    }
  }

  @Test(arguments: Fault.allCases.map(\.rawValue)) func unreadableConfigurationMeansReadOnly(name: String) throws {
    let fault = try #require(Fault(rawValue: name))
    let helper = try makeHelper()
    try helper.configure("[lockwise]\nerase = all")
    try apply(fault, to: helper)
    let reason = fault == .missing ? "cannot find git in the folders of PATH" : "git config failed"
    let line = "helper: error: cannot read git's configuration (\(reason)): nothing is stored or deleted\n"
    let store = helper.run("store", Self.get + "username=carol\npassword=x\n")
    #expect(store.errors == line && store.status == .success)
    let change = helper.run("store", Self.get + "username=bob\npassword=new\n")
    #expect(change.errors == line)
    for password in ["web", "token"] {
      let erase = helper.run("erase", Self.get + "password=\(password)\n")
      #expect(erase.errors.components(separatedBy: "cannot read").count == 2 && erase.errors.contains(line))
    }
    #expect(try helper.logins() == Self.both)
    #expect(helper.pushes == 0)
  }

  @Test(arguments: Fault.allCases.map(\.rawValue)) func lookUpsStillWork(name: String) throws {
    let helper = try makeHelper()
    try apply(#require(Fault(rawValue: name)), to: helper)
    let one = helper.run("get", Self.get + "username=alice\n")
    #expect(one.output == "username=alice\npassword=web\n" && one.errors.isEmpty)
    let several = helper.run("get", Self.get)
    #expect(several.output == "username=bob\npassword=token\n")
    #expect(several.errors.contains("credential.lockwiseEntry is ignored"))
    #expect(helper.run("get", Self.gist).output.isEmpty)
  }

  /// `git config` reads the file that GIT_CONFIG names and no other; git itself does not.
  @Test func theVariableGitConfigHidesNothing() throws {
    let helper = try makeHelper()
    try helper.configure("[lockwise]\nstore = false")
    let file = helper.root.appendingPathComponent("other")
    try "[user]\nname = A\n".write(to: file, atomically: true, encoding: .utf8)
    helper.variables["GIT_CONFIG"] = file.path
    helper.run("store", Self.get + "username=carol\npassword=x\n")
    #expect(try helper.logins() == Self.both)
  }
}
