import Foundation
import Testing

@testable import LockwiseHostSupport

/// Another askpass program that gets every question without an answer in the vault.
@Suite struct AskpassFallbackTests {
  private static let stored = "Password for 'https://marie@git.example': "

  private let home: AskpassHome
  private var log: String { home.scratch.root + "/fallback-log" }

  init() throws { home = try AskpassHome([.init("https://git.example", "marie", "radium")]) }

  /// Writes a fallback program and sets it.
  private func use(_ script: String) throws {
    let path = home.scratch.root + "/fallback"
    try home.scratch.write("#!/bin/sh\nprintf '%s\\n' \"$#\" \"$1\" >>\(log)\n\(script)\n", to: path)
    home.environment["LOCKWISE_ASKPASS_FALLBACK"] = path
  }

  private func takeLog() -> [String] {
    defer { unlink(log) }
    return ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  @Test(arguments: [0, 1, 7, 130]) func passesOutputAndStatusOn(status: Int32) throws {
    try use("echo 'from the dialog'; echo 'to the user' >&2; echo no line; exit \(status)")
    let run = try home.run("Enter PIN for ECDSA-SK key /k: ")
    #expect(run.status == status && run.output == "from the dialog\nno line\n" && run.error == "to the user\n")
    #expect(takeLog() == ["1", "Enter PIN for ECDSA-SK key /k: "])
  }

  @Test func passesAnyBytesAndTheEnvironmentOn() throws {
    try use("printf '%s' \"$1\"; printf '|%s|%s|' \"$SSH_ASKPASS_PROMPT\" \"$VARIABLE\"; ps -o ignored= -p $$; umask")
    let prompt = "\u{1B}[31m é \t two\nlines 'x' \"y\" $HOME"
    let run = try home.run(prompt, with: ["VARIABLE": "a b\nc", "SSH_ASKPASS_PROMPT": "confirm"])
    #expect(run.output.hasPrefix(prompt + "|confirm|a b\nc|"), "\(run.output)")
    // SIGPIPE is not ignored in the program (signal 13).
    let mask = UInt64(run.output.split(separator: "|").last?.split(separator: "\n").first ?? "", radix: 16)
    #expect(mask.map { $0 & (1 << 12) } == 0, "\(run.output)")
  }

  @Test func isNotRunForAnAnswerFromTheVault() throws {
    try use("echo dialog")
    #expect(try home.ask(Self.stored, by: "git-remote-https").output == "radium\n")
    #expect(takeLog() == [])
    // After a refusal it is, once for each question.
    #expect(try home.run(Self.stored).output == "radium\n")
    #expect(try home.run(Self.stored).output == "dialog\n")
    #expect(takeLog().count == 2)
  }

  @Test func isRunForEachKindOfQuestion() throws {
    try use("echo dialog")
    for (prompt, hint) in [
      ("Are you sure you want to continue connecting (yes/no)? ", ""), ("Allow use of key x?", "confirm"),
      ("Confirm user presence for key X Y", "none"), ("Enter new passphrase (empty for no passphrase): ", ""),
      ("Bad passphrase, try again for /k: ", ""), (Self.stored, "confirm"),
    ] {
      #expect(try home.run(prompt, with: ["SSH_ASKPASS_PROMPT": hint]).output == "dialog\n")
      #expect(takeLog() == ["1", prompt])
    }
  }

  /// The program calls this one, with or without its own process, and is not called again.
  @Test(arguments: [
    "\"$LOCKWISE\" \"$1\"; exit $?", "exec \"$LOCKWISE\" \"$1\"", "/bin/sh -c '\"$LOCKWISE\" \"$0\"' \"$1\"",
  ])
  func isNotCalledInACircle(script: String) throws {
    try use(script)
    home.environment["LOCKWISE"] = home.program
    let run = try home.run("Enter PIN for ECDSA-SK key /k: ")
    #expect(run.status == 1 && run.outputBytes.isEmpty)
    #expect(takeLog().count == 2)
    let terminal = try home.terminal("Enter PIN for ECDSA-SK key /k: ")
    try terminal.expect("Enter PIN")
    terminal.enter("123456")
    #expect(try terminal.finish().status == 0)
    #expect(takeLog().count == 2)
  }

  @Test func isNotItself() throws {
    home.environment["LOCKWISE_ASKPASS_FALLBACK"] = home.program
    let run = try home.run("Enter PIN for ECDSA-SK key /k: ")
    #expect(run.status == 1 && run.outputBytes.isEmpty)
  }

  /// A mark that was left by an earlier run does not apply.
  @Test func isCalledDespiteAnOldMark() throws {
    try use("echo dialog")
    for mark in ["1:1", "999999999:5", "x", "", ":"] {
      #expect(try home.run("PIN: ", with: ["ASKPASS_CALLER": mark]).output == "dialog\n", "\(mark)")
    }
  }

  @Test func isReportedIfItIsMissing() throws {
    home.environment["LOCKWISE_ASKPASS_FALLBACK"] = "/nowhere/dialog"
    let run = try home.run("Enter PIN for ECDSA-SK key /k: ")
    run.expectRefusal(1, "cannot find the program /nowhere/dialog", by: "lockwise-askpass")
    // The user is asked in its place.
    let terminal = try home.terminal("Enter PIN for ECDSA-SK key /k: ")
    try terminal.expect("cannot find the program /nowhere/dialog")
    try terminal.expect("Enter PIN for ECDSA-SK key /k: ")
    terminal.enter("123456")
    #expect(try terminal.finish().status == 0)
  }

  /// A program in the current folder, which may be a stranger's repository, is not run.
  @Test func isNotFoundInTheCurrentFolder() throws {
    try use("echo dialog")
    home.environment["LOCKWISE_ASKPASS_FALLBACK"] = "fallback"
    let run = try Run.program(
      "/bin/sh", ["-c", "cd \(home.scratch.root) && PATH=:.:/usr/bin \"$0\" x; exit $?", home.program],
      environment: home.environment)
    #expect(run.status == 1 && run.outputBytes.isEmpty)
  }

  /// A notice ends with ssh, even if ssh was killed.
  @Test func endsWithTheParentOfANotice() throws {
    let marker = home.scratch.root + "/pid"
    try use("echo $$ >\(marker); exec sleep 60")
    let parent = try RunningProgram(
      "/bin/sh", ["-c", "\"$0\" notice & sleep 60", home.program],
      environment: home.environment.merging(["SSH_ASKPASS_PROMPT": "none"]) { $1 })
    #expect(Deadline(seconds: 10).await { access(marker, F_OK) == 0 })
    usleep(200_000)
    let text = try String(contentsOfFile: marker, encoding: .utf8)
    let id = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(id, 0) == 0)
    parent.signal(SIGKILL)
    #expect(
      Deadline(seconds: 3).await {
        kill(id, 0) != 0
          || ((try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ") Z ").contains(") Z ")
      })
  }
}
