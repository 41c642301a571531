import Foundation
import Testing

@testable import LockwiseHostSupport

/// `read`: secrets on standard output, and waiting for a pull.
@Suite struct EnvReadTests {
  private func home() throws -> EnvHome {
    try EnvHome([
      .init(username: "alice", password: "sécret\n"), .init(username: "bob", password: "second", notes: "API key: k\n"),
    ])
  }

  @Test func printsSecrets() throws {
    let home = try home()
    #expect(try home.env("read", "example.com/alice").expectSuccess().output == "sécret\n\n")
    #expect(try home.env("read", "-n", "lockwise://example.com/alice").expectSuccess().output == "sécret\n")
    let several = ["example.com/bob", "example.com/bob/API key", "https://bob@example.com/username"]
    #expect(try home.env(["read"] + several).expectSuccess().output == "second\nk\nbob\n")
    #expect(try home.env(["read", "--null"] + several).expectSuccess().output == "second\0k\0bob\0")
    #expect(try home.env("read", "db-${STAGE}", with: ["STAGE": "x"]).status == 1)
    #expect(try home.env("read", "${H}/${U}", with: ["H": "example.com", "U": "bob"]).output == "second\n")
  }

  @Test func printsNothingIfOneIsMissing() throws {
    let home = try home()
    let run = try home.env("read", "example.com/bob", "example.com/eve", "example.com/otp")
    run.expectRefusal(1, "example.com/eve", "example.com//otp", by: "lockwise-env")
    #expect(run.errorLines.filter { $0.contains(": error: ") }.count == 2)
    for arguments in [[], ["a?b"], ["-n", "--null", "example.com/bob"], ["--wrong"], [""]] {
      try home.env(["read"] + arguments).expectRefusal(64, by: "lockwise-env")
    }
    let locked = try self.home()
    try locked.loseKey()
    try locked.env("read", "example.com/bob", with: ["LOCKWISE_NO_PROMPT": "1"]).expectRefusal(
      3, by: "lockwise-env")
  }

  /// Replaces lockwise-sync by a program that records its arguments.
  private func recordPulls(_ home: EnvHome, then command: String = "") throws {
    try home.write("#!/bin/sh\necho \"$*\" >>\(home.path("pulls"))\n\(command)\n", to: "bin/lockwise-sync")
    home.environment["LOCKWISE_PULL_INTERVAL"] = "900"
  }

  private func pulls(_ home: EnvHome, _ count: Int) throws -> [String] {
    for _ in 0..<100 {
      let lines = ((try? String(contentsOfFile: home.path("pulls"), encoding: .utf8)) ?? "").split(separator: "\n")
      if lines.count >= count { return lines.map(String.init) }
      usleep(20_000)
    }
    return []
  }

  @Test func waitsForOnePullForAllReferences() throws {
    let home = try home()
    try recordPulls(home)
    try home.env("read", "example.com/a", "example.com/b", "example.com/bob").expectRefusal(1, by: "lockwise-env")
    // None in the background afterwards: the vault is as it was.
    usleep(300_000)
    #expect(try pulls(home, 1).first == "pull --quiet")
  }

  @Test func refreshesBehindTheOutput() throws {
    let home = try home()
    try recordPulls(home, then: "sleep 3")
    let start = Date()
    #expect(try home.env("read", "example.com/bob").expectSuccess().output == "second\n")
    #expect(Date().timeIntervalSince(start) < 2.5)
    #expect(try pulls(home, 1) == ["pull --quiet --background"])
  }

  @Test func givesUpWaitingInTime() throws {
    let home = try home()
    try recordPulls(home, then: "sleep 5")
    home.environment["LOCKWISE_PULL_TIMEOUT"] = "1"
    let start = Date()
    try home.env("read", "example.com/eve").expectRefusal(1, by: "lockwise-env")
    #expect(Date().timeIntervalSince(start) < 4)
  }
}
