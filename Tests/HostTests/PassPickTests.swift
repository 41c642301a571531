import Foundation
import Testing

@testable import LockwiseHostSupport

/// `pass pick` with menus and typing programs that behave like the real ones, and with a real fzf.
@Suite final class PassPickTests {
  private let home: PassHome
  private var log: String { home.scratch.root + "/log" }

  init() throws {
    home = try PassHome.withTwoLogins()
    home.environment["DISPLAY"] = ":\(Int.random(in: 4711...999_999))"
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

  /// Each menu of a display, where it is the only one.
  @Test(arguments: [
    ("fuzzel", "WAYLAND_DISPLAY", "--dmenu"), ("wofi", "WAYLAND_DISPLAY", "--dmenu"),
    ("bemenu", "WAYLAND_DISPLAY", "-p pass"), ("bemenu", "DISPLAY", "-p pass"),
    ("rofi", "WAYLAND_DISPLAY", "-dmenu -p pass"), ("rofi", "DISPLAY", "-dmenu -p pass"),
    ("dmenu", "DISPLAY", "-p pass"),
  ])
  func everyMenuGetsTheNames(menu: String, display: String, arguments: String) throws {
    home.environment["PATH"] = try only(menu)
    home.environment["DISPLAY"] = nil
    home.environment[display] = "lockwise-test"
    try make(menu, "/usr/bin/tee \(home.scratch.root)/menu | /bin/grep bob")
    #expect(try home.pass("pick", "--print").expectSuccess().output == "second\n")
    #expect(logged == "\(menu) \(arguments)\n")
    #expect(content("menu") == "example.com/alice\nexample.com/bob\n")
  }

  /// The secret goes to standard input, and neither into the arguments nor into the environment.
  @Test(arguments: [
    ("wtype", "WAYLAND_DISPLAY", "-"), ("ydotool", "WAYLAND_DISPLAY", "type --file -"),
    ("xdotool", "DISPLAY", "type --clearmodifiers --file -"), ("ydotool", "DISPLAY", "type --file -"),
  ])
  func everyTypingProgramGetsTheSecret(program: String, display: String, arguments: String) throws {
    home.environment["PATH"] = try only(program)
    home.environment["DISPLAY"] = nil
    home.environment[display] = "lockwise-test"
    try make("my-menu", "/bin/grep alice")
    home.environment["LOCKWISE_PASS_MENU"] = "my-menu"
    try make(
      program,
      "/usr/bin/tr '\\0' '\\n' </proc/$$/environ >\(home.scratch.root)/environ; /bin/cat >\(home.scratch.root)/typed")
    let run = try home.pass("pick", "--type").expectSuccess()
    #expect(run.output == "" && run.error == "")
    #expect(content("typed") == PassHome.secret)
    #expect(logged == "my-menu \n\(program) \(arguments)\n")
    let environment = try #require(content("environ"))
    #expect(environment.contains("\(display)=lockwise-test\n") && !environment.contains(PassHome.secret))
    try make(program, "exit 1")
    let failed = try home.pass("pick", "--type")
    #expect(failed.status == 1 && failed.error == "pass: error: cannot type: \(program) failed\n")
  }

  /// Returns a `PATH` with the programs of the home, where the system has this one not.
  private func only(_ program: String) throws -> String {
    try #require(["/usr/bin/", "/bin/"].allSatisfy { access($0 + program, X_OK) != 0 }, "\(program) is installed")
    return home.bin
  }

  private func content(_ name: String) -> String? {
    try? String(contentsOfFile: home.scratch.root + "/" + name, encoding: .utf8)
  }

  /// Starts `pick` with a real fzf at a terminal.
  private func fzf(_ arguments: String...) throws -> PseudoTerminal {
    _ = try Executables.ofSystem("fzf")
    return try PseudoTerminal(
      "/bin/sh", ["-c", "stty rows 24 cols 80; exec \"$@\"", "sh", home.bin + "/pass", "pick"] + arguments,
      environment: home.environment)
  }

  @Test func cancellingFzfPrintsNothing() throws {
    let terminal = try fzf("--print")
    try terminal.expect("2/2")
    terminal.send("\u{1B}")
    let end = try terminal.finish()
    #expect(end.status == 130 && end.isRestored)
  }

  /// Keys that select by moving, and keys that select by letters.
  @Test(arguments: [
    ("\u{1B}[A\r", "second"), ("\r", PassHome.secret), ("bob\r", "second"), ("lice\r", PassHome.secret),
  ])
  func keysSelectInFzf(keys: String, secret: String) throws {
    let terminal = try fzf("--print")
    try terminal.expect("2/2")
    terminal.send(String(keys.dropLast()))
    if keys.first?.isLetter == true { try terminal.expect("1/2") }
    terminal.send("\r")
    let end = try terminal.finish()
    #expect(end.status == 0 && end.isRestored)
    #expect(end.shown.hasSuffix(secret + "\r\n\r\n"), "\(end.shown.debugDescription)")
  }

  @Test func anEntrySelectedInFzfIsCopied() throws {
    try make("my-clip", "cat >\(home.scratch.root)/clip")
    home.environment["LOCKWISE_PASS_CLIP"] = "my-clip"
    let terminal = try fzf("-c")
    try terminal.expect("2/2")
    terminal.send("bo")
    // fzf selects from what it has found so far.
    try terminal.expect("1/2")
    terminal.send("\r")
    try terminal.expect("Copied example.com/bob to clipboard. Will clear in 45 seconds.")
    #expect(try terminal.finish().status == 0)
    #expect(content("clip") == "second")
    for id in home.waitingProcesses() { kill(id, SIGTERM) }
  }
}
