import Foundation
import Testing

@testable import LockwiseHostSupport

/// Questions to a user at pinentry.
@Suite struct AskpassPinentryTests {
  private let home: AskpassHome
  private let pinentry: DialogPinentry

  init() throws {
    home = try AskpassHome()
    pinentry = try DialogPinentry(home.scratch)
    home.environment.merge(pinentry.variables) { $1 }
  }

  @Test(arguments: [
    ("Enter PIN for ECDSA-SK key /k: ", "Enter PIN for ECDSA-SK key /k: ", "PIN:"),
    ("(marie@host.example) Code\u{9B}1m: ", "marie@host.example asks: Code?1m: ", "Answer:"),
    ("two\nlines: ", "two%0Alines: ", "Answer:"),
    ("marie@host.example's password: ", "marie@host.example's password: ", "Password:"),
    ("Username for 'https://git.example': ", "Username for 'https://git.example': ", "User name:"),
  ]) func asksInAWindow(prompt: String, description: String, label: String) throws {
    try pinentry.answer("GETPIN", .enters(["from the window"]))
    let run = try home.run(prompt).expectSuccess()
    #expect(run.output == "from the window\n" && run.errorBytes.isEmpty)
    let log = pinentry.takeLog()
    // The script's shell drops the blank at the end.
    #expect(
      log.contains("SETDESC \(description.trimmingCharacters(in: .whitespaces))") && log.contains("SETPROMPT \(label)"),
      "\(log)")
    try pinentry.answer("GETPIN", .cancelled)
    let cancelled = try home.run(prompt)
    #expect(cancelled.status == 1 && cancelled.outputBytes.isEmpty && cancelled.errorBytes.isEmpty)
  }

  @Test func asksAboutAHostKeyWithButtons() throws {
    let prompt = "Are you sure you want to continue connecting (yes/no/[fingerprint])? "
    for (action, answer) in [(DialogPinentry.Action.agrees, "yes\n"), (.cancelled, "no\n"), (.declines, "no\n")] {
      try pinentry.answer("CONFIRM", action)
      #expect(try home.run(prompt).expectSuccess().output == answer)
      let log = pinentry.takeLog()
      #expect(log.contains("SETOK Yes") && log.contains("SETCANCEL No") && !log.contains("GETPIN"), "\(log)")
    }
  }

  @Test func asksForConsentWithButtons() throws {
    for (action, status) in [(DialogPinentry.Action.agrees, Int32(0)), (.cancelled, 1), (.declines, 1)] {
      try pinentry.answer("CONFIRM", action)
      let run = try home.run("Allow use of key marie?", with: ["SSH_ASKPASS_PROMPT": "confirm"])
      #expect(run.status == status && run.outputBytes.isEmpty)
      #expect(pinentry.takeLog().contains("SETDESC Allow use of key marie?"))
    }
  }

  /// A prompt for a secret in a program that inherited the hint.
  @Test(arguments: ["confirm", "none"]) func asksForASecretDespiteAnInheritedHint(hint: String) throws {
    try pinentry.answer("GETPIN", .enters(["typed"]))
    #expect(try home.run("marie@host.example's password: ", with: ["SSH_ASKPASS_PROMPT": hint]).output == "typed\n")
  }

  @Test func closesTheWindowOfANotice() throws {
    try pinentry.answer("MESSAGE", .waits)
    let program = try RunningProgram(
      home.program, ["Confirm user presence for key ECDSA-SK SHA256:abc"],
      environment: home.environment.merging(["SSH_ASKPASS_PROMPT": "none"]) { $1 })
    #expect(Deadline(seconds: 10).await { pinentry.isWaiting })
    #expect(!program.hasEnded)
    program.signal(SIGTERM)
    let run = try program.finish(timeout: 3)
    #expect(run.status == 0 && run.outputBytes.isEmpty && run.errorBytes.isEmpty)
  }

  /// A user can close the window of a notice and touch the key later.
  @Test func waitsAfterTheUserClosedANotice() throws {
    try pinentry.answer("MESSAGE", .agrees)
    let program = try RunningProgram(
      home.program, ["Confirm user presence for key ECDSA-SK SHA256:abc"],
      environment: home.environment.merging(["SSH_ASKPASS_PROMPT": "none"]) { $1 })
    #expect(Deadline(seconds: 20).await { pinentry.log.contains("MESSAGE") })
    usleep(300_000)
    #expect(!program.hasEnded)
    program.signal(SIGTERM)
    #expect(try program.finish(timeout: 3).status == 0)
  }

  @Test func asksWithTheRealPinentry() throws {
    let variables = ["LOCKWISE_PINENTRY": try Executables.ofSystem("pinentry-tty"), "DISPLAY": ""]
    let terminal = try home.terminal("Enter PIN for ECDSA-SK key /k: ", with: variables)
    try terminal.expect("Enter PIN for ECDSA-SK key /k:")
    try terminal.expect("PIN:")
    terminal.enter("123456")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.isRestored, "\(outcome.shown)")
    // The answer itself is standard output, here the terminal; it is not shown while it is typed.
    #expect(outcome.shown.components(separatedBy: "123456").count == 2, "\(outcome.shown)")
  }

  /// Also if its program cannot be run or does not work.
  @Test(arguments: ["/nowhere/pinentry", "/bin/true", "/bin/false"])
  func fallsBackToTheTerminal(program: String) throws {
    let terminal = try home.terminal("Enter lock password: ", with: ["LOCKWISE_PINENTRY": program])
    try terminal.expect("Enter lock password: ")
    terminal.enter("typed")
    #expect(try terminal.finish().status == 0)
    let run = try home.run("Enter lock password: ", with: ["LOCKWISE_PINENTRY": program])
    #expect(run.status == 1 && run.outputBytes.isEmpty)
  }

  @Test func savesWithTheButtons() throws {
    let key = try home.makeKey(passphrase: "radium 88")
    let agent = try SSHAgent(home)
    let path = home.environment
    func add() throws -> Run {
      try Run.program(
        Executables.ofSystem("ssh-add"), [key], environment: path.merging(["SSH_AUTH_SOCK": agent.socket]) { $1 })
    }
    try pinentry.answer("CONFIRM", .cancelled)
    // A wrong passphrase does not reach ssh-add.
    try pinentry.answer("GETPIN", .enters(["wrong", "radium 88"]))
    try add().expectSuccess()
    var log = pinentry.takeLog()
    #expect(log.contains("SETERROR That passphrase does not open the key."), "\(log)")
    #expect(log.contains("SETDESC Save the passphrase of this key in Firefox's passwords?"), "\(log)")
    #expect(["SETOK Save", "SETCANCEL Not now", "SETNOTOK Never"].allSatisfy(log.contains), "\(log)")
    #expect(try home.logins().isEmpty)
    try pinentry.answer("GETPIN", .enters(["radium 88"]))
    try pinentry.answer("CONFIRM", .agrees)
    try add().expectSuccess()
    #expect(try home.logins().count == 1)
    _ = pinentry.takeLog()
    try add().expectSuccess()
    log = pinentry.takeLog()
    #expect(log == [], "\(log)")
  }
}
