import Foundation
import Testing

@testable import LockwiseHostSupport

/// `pass pick` with menus and typing programs that behave like the real ones, and with a real fzf.
@Suite final class PassPickTests {
  private let home: PassHome
  private var log: String { home.scratch.root + "/log" }

  init() throws {
    home = try PassHome.withTwoLogins()
    home.environment["DISPLAY"] = ":4711"
  }

  private func make(_ program: String, _ commands: String) throws {
    try home.scratch.write("#!/bin/sh\necho \"\(program) $*\" >>\(log)\n\(commands)\n", to: home.bin + "/" + program)
  }

  private var logged: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

  @Test func theSelectedEntryIsPrintedTypedOrCopied() throws {
    try make("dmenu", "tee \(home.scratch.root)/menu | grep alice")
    let printed = try home.pass("pick", "--print").expectSuccess()
    #expect(printed.output == PassHome.secret + "\n")
    #expect(
      try String(contentsOfFile: home.scratch.root + "/menu", encoding: .utf8)
        == "example.com/alice\nexample.com/bob\n")
    #expect(logged == "dmenu -p pass\n")
    try make("xdotool", "cat >\(home.scratch.root)/typed")
    #expect(try home.pass("pick", "--type").expectSuccess().output == "")
    #expect(try String(contentsOfFile: home.scratch.root + "/typed", encoding: .utf8) == PassHome.secret)
    #expect(logged.hasSuffix("xdotool type --clearmodifiers --file -\n"))
    try make("my-clip", "cat >\(home.scratch.root)/clip")
    home.environment["LOCKWISE_PASS_CLIP"] = "my-clip"
    for arguments in [["pick"], ["pick", "-c"]] {
      let copied = try home.pass(arguments).expectSuccess()
      #expect(copied.output == "Copied example.com/alice to clipboard. Will clear in 45 seconds.\n")
      #expect(try String(contentsOfFile: home.scratch.root + "/clip", encoding: .utf8) == PassHome.secret)
    }
    for id in home.waitingProcesses() { kill(id, SIGTERM) }
  }

  @Test func aCodeIsUsedInsteadOfThePassword() throws {
    try make("dmenu", "grep bob")
    let none = try home.pass("pick", "--print", "--otp")
    #expect(none.status == 1 && none.error == "example.com/bob: OTP secret not found.\n")
    // The first codes of RFC 4226, appendix D.
    let uri = "otpauth://hotp/bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0"
    try home.pass("insert", "-f", "-m", "example.com/bob", input: .text("second\n\(uri)\n")).expectSuccess()
    #expect(try home.pass("pick", "--print", "--otp").expectSuccess().output == "287082\n")
    #expect(try home.pass("pick", "--otp", "--print").expectSuccess().output == "359152\n")
    #expect(try home.pass("show", "example.com/bob").output.contains("counter=2\n"))
  }

  @Test func whereNothingIsSelectedNothingIsPrinted() throws {
    for commands in ["exit 1", "cat >/dev/null", "echo example.com/alice; exit 1"] {
      try make("dmenu", commands)
      let run = try home.pass("pick", "--print")
      #expect(run.status == 130 && run.output == "" && run.error == "")
    }
    for commands in ["echo example.com", "echo alice", "cat"] {
      try make("dmenu", commands)
      let run = try home.pass("pick", "--print")
      #expect(run.status == 1 && run.output == "")
      #expect(run.error == "pass: error: dmenu printed a line that is not in the menu\n")
    }
    #expect(try home.pass("pick", "--print", "--type").status == 64)
    #expect(try home.pass("pick", "name").status == 64)
    let typing = try home.pass("pick", "--type")
    #expect(typing.status == 1 && typing.error.contains("cannot type: cannot find xdotool or ydotool"))
    home.environment["DISPLAY"] = nil
    #expect(try home.pass("pick").error.contains("there is no display and no terminal"))
  }

  @Test func theUsersMenuWins() throws {
    try make("my-menu", "tail -n 1")
    home.environment["LOCKWISE_PASS_MENU"] = "my-menu --lines 5"
    #expect(try home.pass("pick", "--print").expectSuccess().output == "second\n")
    #expect(logged == "my-menu --lines 5\n")
  }

  @Test func cancellingFzfPrintsNothing() throws {
    home.environment["FZF_DEFAULT_OPTS"] = nil
    func pick() throws -> PseudoTerminal {
      try PseudoTerminal(
        "/bin/sh", ["-c", "stty rows 24 cols 80; exec \"$@\"", "sh", home.bin + "/pass", "pick", "--print"],
        environment: home.environment)
    }
    let cancelled = try pick()
    try cancelled.expect("2/2")
    cancelled.send("\u{1B}")
    let end = try cancelled.finish()
    #expect(end.status == 130 && end.isRestored)
  }
}
