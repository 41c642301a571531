import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// URL patterns in keys of git's configuration match exactly where they match in git.
@Suite struct GitPatternTests {
  static let patterns = [
    "https://h.example", "https://h.example/", "https://H.example/team", "https://h.example/team/", "https://*.example",
    "https://*.example/team", "https://*", "https://h.example:443", "https://h.example:8443", "https://alice@h.example",
    "https://alice:pw@h.example/team", "https://bob@*.example", "http://h.example", "https://x.h.example", "h.example",
    "h.example:8443", "alice@h.example", "alice:pw@h.example", "bob@", "alice@", "https://", "http://", "https:///",
    "/team/x.git", "/team/x.git/", "/team", "h.example/team/x.git", "h.example/team", "https:///team/x.git",
    "//h.example",
    "https://h.ex*mple", "*.example", "h%2Eexample", "alic%65@", "/team%2Fx.git", "H.EXAMPLE", "ssh://", "smtp",
    "[::1]:8443", "https://[::1]:8443", "b\u{FC}cher.example", "https://b\u{FC}cher.example", "xn--bcher-kva.example",
    "https://b\u{FC}cher.example/team/x.git", "https://h.example?x", "h.example#x", "https://h.example/te am",
    "a@b@h.example",
    "://h.example", "https://h.example/team/../team",
  ]
  static let urls = [
    "https://h.example", "https://h.example/team/x.git", "https://h.example/team/", "https://h.example/teams",
    "https://alice@h.example/team/x.git", "https://bob@h.example", "https://h.example:8443/team/x.git",
    "http://h.example/team",
    "https://x.h.example/team/x.git", "https://[::1]:8443/x", "https://b\u{FC}cher.example/team/x.git",
    "https://xn--bcher-kva.example", "smtp://h.example:587", "ssh://alice@h.example/team/x.git",
    "https://other.example",
  ]

  /// Returns the patterns that match in git, which runs the helper of each.
  private func fitting(_ url: String, _ helper: HelperVault) throws -> Set<Int> {
    let log = helper.root.appendingPathComponent("called")
    try? FileManager.default.removeItem(at: log)
    let input = helper.root.appendingPathComponent("input")
    try "url=\(url)\n\n".write(to: input, atomically: true, encoding: .utf8)
    let variables = helper.variables.merging(["GIT_TERMINAL_PROMPT": "0", "LOCKWISE_TEST_LOG": log.path]) { $1 }
    _ = try? ChildProcess.output(
      of: "/bin/sh", ["-c", "exec /usr/bin/git credential fill <'\(input.path)' 2>/dev/null"],
      environment: Environment(variables))
    let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    return Set(text.split(separator: "\n").compactMap { Int($0) })
  }

  /// Every match in git is a match here. In addition, two spellings of one host match, which git compares byte by byte.
  @Test func patternsMatchAsInGit() throws {
    let helper = try HelperVault()
    var text = ""
    for (number, pattern) in Self.patterns.enumerated() {
      text += "[credential \"\(pattern)\"]\nhelper = \"!echo \(number) >>$LOCKWISE_TEST_LOG; true\"\n"
    }
    try helper.configure(text)
    var matches = 0
    for url in Self.urls {
      let theirs = try fitting(url, helper)
      let context = try #require(try GitCredentialRequest(url: Array(url.utf8)).context(remote: { nil }))
      for (number, pattern) in Self.patterns.enumerated() {
        let listing = "global\0credential.\(pattern).lockwiseentry\nx\0"
        let configuration = try #require(GitConfiguration(listing: Array(listing.utf8)))
        let ours = configuration.value("credential", "lockwiseentry", for: context, from: .any) != nil
        let isSpelling =
          ["b\u{FC}cher", "bcher", "H.EXAMPLE"].contains { pattern.contains($0) } || pattern == "h.example"
          || (url.contains("b\u{FC}cher") && pattern.contains("*."))
        #expect(
          ours == theirs.contains(number) || (ours && isSpelling),
          "\(pattern) for \(url): git \(theirs.contains(number))")
        matches += theirs.contains(number) ? 1 : 0
      }
    }
    #expect(matches > 60, "\(matches)")
  }

  /// Each form selects the account; a pattern for another host does not.
  @Test(arguments: [
    "https://h.example", "h.example", "https://", "/team/x.git", "https://*.example", "H.example",
    "https://*.example/team",
  ])
  func everyFormPins(pattern: String) throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", username: "alice", password: "a"),
      HelperVault.login("{2}", realm: "git", username: "bob", password: "b"),
    ])
    let request = "protocol=https\nhost=h.example\npath=team/x.git\n"
    #expect(helper.run("get", request).output.contains("alice"))
    try helper.configure("[credential \"\(pattern)\"]\nlockwiseEntry = H.EXAMPLE:443/bob")
    let run = helper.run("get", request)
    #expect(run.output == "username=bob\npassword=b\n", "\(run.errors)")
  }

  @Test(arguments: [
    "h.example", "https://", "b\u{FC}cher.example", "https://b\u{FC}cher.example", "https://xn--bcher-kva.example",
  ])
  func everyFormForbidsStoring(pattern: String) throws {
    let host = pattern.contains("cher") ? "b\u{FC}cher.example" : "h.example"
    let helper = try HelperVault()
    try helper.configure("[lockwise \"\(pattern)\"]\nstore = false")
    helper.run("store", "protocol=https\nhost=\(host)\nusername=a\npassword=p\n")
    #expect(try helper.logins(at: "https://\(host)").isEmpty)
    helper.run("store", "protocol=http\nhost=other.example\nusername=a\npassword=p\n")
    #expect(try helper.logins(at: "http://other.example") == ["git a p"])
  }

  /// The more specific of a partial and a complete pattern applies.
  @Test func theMostSpecificFormApplies() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", username: "alice", password: "a"),
      HelperVault.login("{2}", realm: "git", username: "bob", password: "b"),
    ])
    try helper.configure("[credential \"h.example/team/x.git\"]\nlockwiseEntry = h.example/bob")
    try helper.configure("[credential \"https://h.example/team\"]\nlockwiseEntry = h.example/alice")
    #expect(helper.run("get", "protocol=https\nhost=h.example\npath=team/x.git\n").output.contains("bob"))
    #expect(helper.run("get", "protocol=https\nhost=h.example\npath=team/y.git\n").output.contains("alice"))
  }
}
