import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Prompts for passphrases with pinentry, as gpg does.
@Suite final class PinentryTests {
  private static let passphrase = "polonium 50 % & ☢"

  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull(passphrase: Self.passphrase)
    try stage.sync("lock").expectSuccess()
    stage.scratch.environment["DISPLAY"] = ":4711"
  }

  private var log: String { (try? String(contentsOfFile: stage.scratch.root + "/log", encoding: .utf8)) ?? "" }

  /// A pinentry that records its commands and responds to GETPIN in a given way.
  private func pinentry(_ answer: String) throws {
    try use(
      """
      #!/bin/sh
      echo 'OK Pleased to meet you'
      while read -r line; do
        printf '%s\\n' "$line" >>\(stage.scratch.root)/log
        case $line in
          GETPIN*) \(answer) ;;
          BYE*) echo OK; exit 0 ;;
          *) echo OK ;;
        esac
      done
      """)
  }

  private func use(_ script: String) throws {
    let path = stage.scratch.root + "/pinentry"
    try stage.scratch.write(script, to: path)
    stage.scratch.environment["LOCKWISE_PINENTRY"] = path
  }

  private func expectAnswer(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let run = try stage.get("protocol=https\nhost=github.com\n")
    #expect(run.password == "ghp_webAndGit0123456789", "\(run.error)", sourceLocation: sourceLocation)
  }

  @Test(.needsKeyring) func asksForThePassphraseWithPinentry() throws {
    try pinentry("echo 'D polonium 50 %25 & ☢'; echo OK")
    #expect(try stage.sync("unlock").expectSuccess().error.isEmpty)
    #expect(log.contains("SETTITLE Lockwise: \(stage.scratch.vault)\n"), "\(log)")
    #expect(log.contains("SETDESC lockwise-sync unlock. Passphrase of the vault:\n"), "\(log)")
    #expect(log.contains("SETPROMPT Passphrase:"))
    #expect(!log.contains("SETERROR"))
    try expectAnswer()
  }

  @Test(.needsKeyring) func asksWithPinentryForGit() throws {
    try pinentry("echo 'D polonium 50 %25 & %E2%98%A2'; echo OK")
    try expectAnswer()
    #expect(log.contains("GETPIN"))
    #expect(log.contains("SETDESC git asks for https://github.com. Passphrase of the vault:\n"), "\(log)")
    #expect(try stage.status()["locked"] as? Bool == false)
  }

  @Test(arguments: [83_886_179, 99, 198])
  func endsWhenTheUserCancelsPinentry(code: Int) throws {
    try pinentry("echo 'ERR \(code) Operation cancelled <Pinentry>'")
    try stage.sync("unlock").expectRefusal(130, "error: cancelled")
    let run = try stage.get("protocol=https\nhost=github.com\n").expectSuccess()
    #expect(run.output == "quit=true\n")
    #expect(run.error.isEmpty)
    #expect(log.components(separatedBy: "GETPIN").count == 3, "asked again although cancelled")
  }

  /// Two requests of git within one command.
  private func gitAsksTwice() throws -> Run {
    try stage.scratch.write("[credential]\n\thelper = lockwise\n", to: stage.scratch.root + "/gitconfig")
    let fill = "printf 'protocol=https\\nhost=github.com\\n\\n' | git credential fill"
    return try Run.program(
      Executables.ofSystem("git"), ["-c", "alias.twice=!\(fill); \(fill)", "twice"],
      environment: stage.scratch.environment)
  }

  /// A git command that needs several credentials prompts once, and the next command prompts again.
  @Test func doesNotRepeatACancelledPromptInAGitCommand() throws {
    try pinentry("echo 'ERR 83886179 Operation cancelled <Pinentry>'")
    for count in 1...2 {
      let run = try gitAsksTwice()
      #expect(run.output.isEmpty)
      #expect(run.error.components(separatedBy: "told us to quit").count == 3, "\(run.error)")
      #expect(log.components(separatedBy: "GETPIN").count == count + 1)
    }
  }

  /// git itself would then prompt, which it cannot do here.
  @Test func doesNotAskAgainAfterThreeWrongPassphrases() throws {
    try pinentry("echo 'D radium'; echo OK")
    let run = try gitAsksTwice()
    #expect(run.output.isEmpty && !run.error.contains("told us to quit"), "\(run.error)")
    #expect(run.error.components(separatedBy: "error: the passphrase or key does not open the vault").count == 2)
    #expect(log.components(separatedBy: "GETPIN").count == 4)
  }

  @Test func stopsAfterThreeWrongPassphrases() throws {
    try pinentry("echo 'D radium'; echo OK")
    try stage.sync("unlock").expectRefusal(3, "the passphrase or key does not open the vault")
    #expect(log.components(separatedBy: "GETPIN").count == 4)
    #expect(log.components(separatedBy: "SETERROR That passphrase does not open the vault.").count == 3)
    #expect(!log.contains("radium"))
  }

  @Test(.needsKeyring) func reportsAMissingPinentryAndTerminal() throws {
    for program in ["", "/nowhere/pinentry", "no-such-pinentry"] {
      stage.scratch.environment["LOCKWISE_PINENTRY"] = program
      try stage.sync("unlock").expectRefusal(3, "no terminal or pinentry to ask for the passphrase", "hint: ")
    }
    // Without display and terminal a pinentry is not even started.
    try pinentry("echo 'D polonium 50 %25 & ☢'; echo OK")
    stage.scratch.environment["DISPLAY"] = nil
    try stage.sync("unlock").expectRefusal(3, "no terminal or pinentry to ask for the passphrase")
    #expect(log.isEmpty)
    stage.scratch.environment["GPG_TTY"] = "/dev/pts/4711"
    try stage.sync("unlock").expectSuccess()
    #expect(log.contains("OPTION ttyname=/dev/pts/4711"))
  }

  @Test(
    .needsKeyring,
    arguments: [
      "exit 1", "exec yes garbage | head -n 5000", "exec head -c 300000 /dev/zero", "echo OK; exit 0",
      "echo OK; read line; printf 'D half a li'", "echo OK; while read line; do echo ERR; done",
      "echo OK; while read line; do echo ERR 67108922 Not supported; done", "kill -9 $$",
      "echo OK; while read line; do echo D; echo D %; echo D %4; echo 'S x'; echo '# y'; echo OK; done",
    ])
  func ignoresABrokenPinentry(script: String) throws {
    try use("#!/bin/sh\n\(script)\n")
    let run = try stage.sync("unlock")
    run.expectRefusal(3)
    // With a terminal, the prompt appears there.
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), ["unlock"], environment: stage.scratch.environment)
    guard !script.contains("D %4") else { return }
    try terminal.expect("Enter passphrase for key '")
    terminal.enter(Self.passphrase)
    #expect(try terminal.finish().status == 0)
  }

  @Test(.needsKeyring) func worksWithTheRealPinentry() throws {
    stage.scratch.environment["DISPLAY"] = nil
    stage.scratch.environment["LOCKWISE_PINENTRY"] = try Executables.ofSystem("pinentry-tty")
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), ["unlock"], environment: stage.scratch.environment)
    try terminal.expect("Passphrase of the vault")
    try terminal.expect("Passphrase:")
    terminal.enter("wrong")
    try terminal.expect("That passphrase does not open the vault.")
    try terminal.expect("Passphrase:")
    terminal.enter(Self.passphrase)
    let outcome = try terminal.finish()
    #expect(outcome.status == 0, "\(outcome.shown)")
    #expect(!outcome.shown.contains("polonium"), "\(outcome.shown)")
    try expectAnswer()
  }
}
