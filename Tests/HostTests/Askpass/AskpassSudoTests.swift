import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// sudo -A, run by an ordinary user of a private system.
@Suite(.enabled(if: PrivateSystem.isPossible, PrivateSystem.requirement))
final class AskpassSudoTests {
  private static let marie = PrivateSystem.Account.marie
  private static let machine = ProcessInfo.processInfo.hostName

  private let home: AskpassHome
  private let system: PrivateSystem

  init() throws {
    home = try AskpassHome([
      .init("sudo://\(Self.machine)", realm: "sudo", "marie", Self.marie.password),
      .init("sudo://elsewhere", realm: "sudo", "root", "not this machine's"),
    ])
    system = try PrivateSystem(home.scratch)
    home.environment["SUDO_ASKPASS"] = home.program
  }

  /// Runs a program as the user.
  private func run(_ program: String, _ arguments: [String], with variables: [String: String] = [:]) throws -> Run {
    try Run.program(
      "/bin/chown",
      [
        "-R", "\(Self.marie.id):\(Self.marie.id)", home.scratch.root + "/home", home.scratch.root + "/state",
        home.scratch.keyFile, home.scratch.root + "/bin",
      ], environment: [:]
    ).expectSuccess()
    chmod(home.scratch.root, 0o755)
    let (path, arguments) = system.command(try Executables.ofSystem(program), arguments, as: Self.marie)
    return try Run.program(path, arguments, environment: home.environment.merging(variables) { $1 }, timeout: 30)
  }

  /// Checks that sudo runs a command.
  private func expectRoot(
    _ arguments: String..., with variables: [String: String] = [:], as user: String = "0",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try run("sudo", ["-A"] + arguments + ["id", "-u"], with: variables)
    #expect(run.status == 0 && run.output == "\(user)\n", "\(run.error)", sourceLocation: sourceLocation)
  }

  /// Checks that sudo gets no password.
  private func expectNoPassword(
    _ arguments: String..., with variables: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try run("sudo", ["-A"] + arguments + ["id", "-u"], with: variables)
    #expect(run.status == 1 && run.outputBytes.isEmpty, "\(run.output)", sourceLocation: sourceLocation)
    #expect(run.error.contains("no password was provided"), "\(run.error)", sourceLocation: sourceLocation)
  }

  @Test func theDefaultPromptIsAnswered() throws {
    try expectRoot()
    try expectRoot("-u", "pierre", as: "64002")
    try expectRoot("-k")
  }

  @Test func everyTranslationIsAnswered() throws {
    let script = """
      for prompt; do
        sudo -k; sudo -A -p "$prompt" true || echo "not answered: $prompt"
      done
      """
    // The last one is that of sudo-rs, which names no user.
    let prompts = SudoPromptTemplates.all + ["[sudo: authenticate] Password: "]
    let run = try run("sh", ["-c", script, "sh"] + prompts)
    #expect(run.output == "", "\(run.output)\(run.error)")
  }

  @Test func theSitesOwnPromptIsAnsweredIfItIsKnown() throws {
    let own = "pw of %u on %h for %U (%p) %%: "
    try expectNoPassword("-k", "-p", own)
    try expectRoot("-k", "-p", own, with: ["LOCKWISE_SUDO_PROMPT": own])
    try expectRoot("-k", with: ["SUDO_PROMPT": own])
    try expectNoPassword("-k", "-p", "Your PIN: ")
  }

  @Test func thePasswordOfAnotherUserIsNotGiven() throws {
    try system.write(
      "Defaults !syslog, lecture=never, rootpw\nroot ALL=(ALL:ALL) ALL\nmarie ALL=(ALL:ALL) ALL\n", to: "sudoers",
      mode: 0o440)
    try expectNoPassword("-k")
  }

  @Test func theProgramCanBeSetInSudosConfiguration() throws {
    home.environment["SUDO_ASKPASS"] = nil
    try system.write("Path askpass \(home.program)\n", to: "sudo.conf")
    try expectRoot()
  }

  @Test func aStalePasswordIsSentOnce() throws {
    try home.change("{1}", password: "stale")
    let first = try run("sudo", ["-A", "id", "-u"])
    #expect(first.status == 1)
    #expect(first.error.contains("1 incorrect password attempt"), "\(first.error)")
    try expectNoPassword()
  }

  /// After the right password, PAM asks for it again and for a new one.
  @Test func anExpiredPasswordIsNotChanged() throws {
    try system.expirePassword(of: Self.marie)
    let run = try run("sudo", ["-A", "id", "-u"])
    #expect(run.status == 1 && !run.lines.contains("0"), "\(run.output)")
    #expect(run.error.contains("no password was provided"), "\(run.error)")
  }

  /// Whatever is between sudo and the program could read the password.
  @Test func onlySudoItselfGetsThePassword() throws {
    let prompt = "[sudo] password for marie: "
    try home.scratch.write(
      "#!/bin/sh\n\(home.program) \"$1\" | tee -a \(home.scratch.root)/home/seen\n",
      to: home.scratch.root + "/bin/between")
    try expectNoPassword("-k", with: ["SUDO_ASKPASS": home.scratch.root + "/bin/between"])
    #expect(try String(contentsOfFile: home.scratch.root + "/home/seen", encoding: .utf8) == "")
    for command in ["exec \"$0\" \"$1\"", "\"$0\" \"$1\"; exit $?", "exec -a sudo \"$0\" \"$1\""] {
      let run = try run("bash", ["-c", command, home.program, prompt])
      #expect(run.status == 1 && run.outputBytes.isEmpty, "\(command)")
    }
    // A program of the user that is called sudo.
    let impostor = home.scratch.root + "/bin/sudo"
    try Spawn.alone { try FileManager.default.copyItem(atPath: Executables.ofSystem("timeout"), toPath: impostor) }
    let named = try run("env", [impostor, "--foreground", "20", home.program, prompt])
    #expect(named.status == 1 && named.outputBytes.isEmpty)
    // An ended parent is not a hidden one.
    let orphan = try run("sh", ["-c", "(sleep 0.2; \"$0\" \"$1\") & exit 0", home.program, prompt])
    #expect(orphan.outputBytes.isEmpty)
  }

  /// Then `/proc` shows neither sudo nor a process of the user that must not be dumped.
  @Test func sudoIsRecognisedIfOthersProcessesAreHidden() throws {
    system.hidesProcesses = true
    let readable = try run("sh", ["-c", "test -e /proc/$$ && ! test -e /proc/1"])
    #expect(readable.status == 0, "this /proc hides nothing: \(readable.error)")
    try expectRoot("-k")
    try expectRoot("-k", with: ["SUDO_ASKPASS": try wrapper("exec \(home.program) \"$@\"")])
    try expectNoPassword("-k", with: ["SUDO_ASKPASS": try wrapper("\(home.program) \"$@\"; exit")])
    let prompt = "[sudo] password for marie: "
    for script in [
      "import subprocess, sys; subprocess.run(sys.argv[1:])",
      "import ctypes, subprocess, sys; ctypes.CDLL(None).prctl(4, 0, 0, 0, 0); subprocess.run(sys.argv[1:])",
    ] {
      let run = try run("python3", ["-c", script, home.program, prompt])
      #expect(run.status == 0 && run.outputBytes.isEmpty, "\(run.output)\(run.error)")
    }
  }

  /// Writes a script that sudo runs in place of the program.
  private func wrapper(_ line: String) throws -> String {
    let path = home.scratch.root + "/bin/wrapper-\(UUID().uuidString.prefix(8))"
    try home.scratch.write("#!/bin/sh\n\(line)\n", to: path)
    return path
  }
}
