import Foundation
import Testing

@testable import LockwiseHostSupport

/// Hostile names, folders, editors and streams: nothing is run, lost or shown that should not be.
@Suite final class PassHostileTests {
  private static let name = "example.com/alice"

  private let home: PassHome

  init() throws { home = try PassHome.withTwoLogins() }

  /// Runs a line of shell in which `pass` is the program under test.
  private func shell(_ line: String, with variables: [String: String] = [:]) throws -> Run {
    try Run.program("/bin/bash", ["-c", line], environment: home.environment.merging(variables) { $1 })
  }

  /// A script with an unset variable must not touch the whole store.
  @Test(arguments: [
    "rm -rf ''", "rm -rf /", "rm -rf //", "rm -rf ..", "rm -rf a/../..", "rm -rf ./", "mv '' x", "mv / x", "cp // x",
    "mv -f example.com/alice ''", "mv example.com /", "mv example.com example.com/x", "edit ''", "generate /",
    "insert -e ''", "show ''", "otp ''", "history /",
  ])
  func anEmptyNameChangesNothing(line: String) throws {
    let before = try home.logins().map(\.json)
    let run = try shell("echo secret | pass " + line)
    #expect(run.status == 1 && run.output == "" && !run.error.isEmpty)
    #expect(try home.logins().map(\.json) == before)
  }

  /// Names that would steer a terminal, leave the folder or be too long for a file are names like any other.
  @Test(
    arguments: [
      ("ctl\u{1B}]0;x\u{7}/b", "ctl%1B]0;x%07/b"), ("new\nline", "new%0Aline"), ("a//b", "a%2F/b"), ("./b", ".%2Fb"),
      ("-rf", "-rf"), ("$(touch pwned)", "$(touch pwned)"), (String(repeating: "x", count: 5000), nil),
    ] as [(String, String?)])
  func anyNameIsStoredAndRemoved(name: String, shown: String?) throws {
    try home.pass("insert", "-e", "--", name, input: .text("secret of it\n")).expectSuccess()
    #expect(try home.pass("show", "--", name).expectSuccess().output == "secret of it\n")
    let listed = try home.pass("ls", "--flat").expectSuccess().lines
    #expect(listed.contains(shown ?? name), "\(listed)")
    try home.pass("rm", "-f", "--", shown ?? name).expectSuccess()
    #expect(try home.logins().count == 2)
  }

  @Test(arguments: ["show", "ls", "find alice", "grep second", "show --json", "audit", "help", "version"])
  func aStreamThatCannotBeWrittenIsAnError(command: String) throws {
    let line = ["show", "show --json"].contains(command) ? "\(command) \(Self.name)" : command
    for (redirection, reason) in [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")] {
      let run = try shell("pass \(line) \(redirection)")
      #expect(run.status == 1, "\(line) \(redirection)")
      #expect(run.error.contains(reason), "\(line): \(run.error)")
    }
    let before = try home.logins().map(\.json)
    let status = try #require(try shell("pass \(line) >/dev/null").status)
    for redirection in ["<&-", "2>&-", "<&- 2>&-"] {
      #expect(try shell("pass \(line) >/dev/null \(redirection)").status == status, "\(line) \(redirection)")
    }
    #expect(try shell("pass \(line) <&- >&- 2>&-").status == 1)
    #expect(try home.logins().map(\.json) == before)
  }

  /// Programs of the current folder are not run, although `PATH` has it.
  @Test(arguments: [
    "grep second", "edit example.com/alice", "-c example.com/alice", "-q example.com/alice", "pick --print", "sync",
    "git status", "no-such", "pick --type",
  ])
  func programsOfTheCurrentFolderAreNotRun(command: String) throws {
    let folder = home.scratch.root + "/evil"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    for program in [
      "grep", "editor", "vi", "sed", "xclip", "wl-copy", "fzf", "dmenu", "fuzzel", "tmux", "qrencode", "sh", "wtype",
      "lockwise-sync", "lockwise-pass-no-such", "termux-clipboard-set",
    ] {
      try home.scratch.write("#!/bin/sh\n: >'\(folder)/ran-\(program)'\n", to: folder + "/" + program)
    }
    for path in [".:", ":", "evil/..:../evil:"] {
      _ = try shell(
        "cd '\(folder)' && PATH=\(path)$PATH '\(home.bin)/pass' \(command) </dev/null",
        with: ["EDITOR": "sed -n p", "DISPLAY": ":4711", "WAYLAND_DISPLAY": "lockwise-test", "TMUX": "x,1,0"])
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.filter { $0.hasPrefix("ran-") } == [])
  }

  @Test(arguments: ["it's", "\"", "$(", "/nonexistent/editor", "`", "cat <"]) func oddEditorsChangeNothing(
    editor: String
  ) throws {
    let before = try home.logins().map(\.json)
    let run = try home.pass("edit", Self.name, with: ["EDITOR": editor])
    #expect(run.status == 1 && !run.error.isEmpty && !run.error.contains(PassHome.secret))
    #expect(try home.logins().map(\.json) == before)
  }

  @Test(arguments: ["/nonexistent", "relative", ""]) func passesOwnFolderDoesNotMatter(folder: String) throws {
    let run = try home.pass("show", "-o", Self.name, with: ["PASSWORD_STORE_DIR": folder])
    #expect(run.output == PassHome.secret + "\n")
  }

  /// A full or unsafe folder in memory: the text is nowhere afterwards, and nothing is saved in part.
  @Test(
    .enabled(if: geteuid() == 0, "only root may mount another /dev/shm"),
    arguments: [
      ("size=4k,mode=1777", "head -c 9999 /dev/zero >/dev/shm/fill;", "true", "No space left on device"),
      ("size=8k,mode=1777", "", "head -c 30000 /dev/zero >>", "the editor ended with status 1; nothing was changed"),
      ("mode=777", "", "true", "cannot make a folder in /dev/shm"),
    ])
  func aFullMemoryChangesNothing(options: String, before: String, editor: String, message: String) throws {
    let logins = try home.logins().map(\.json)
    let script = """
      mount -t tmpfs -o \(options) none /dev/shm || exit 99
      \(before) pass edit \(Self.name); status=$?; ls -A /dev/shm | grep -v fill; exit $status
      """
    let run = try Run.program(
      Executables.ofSystem("unshare"), ["-m", "/bin/sh", "-c", script],
      environment: home.environment.merging(["EDITOR": editor]) { $1 })
    #expect(run.status == 1 && run.output == "", "\(run.output)")
    #expect(run.error.contains(message), "\(run.error)")
    #expect(try home.logins().map(\.json) == logins)
  }

  @Test(.enabled(if: geteuid() == 0, "only root may mount the vault again"))
  func aVaultThatCannotBeWrittenIsRead() throws {
    let script = """
      mount --bind "$LOCKWISE_HOME" "$LOCKWISE_HOME" && mount -o remount,ro,bind "$LOCKWISE_HOME" || exit 99
      pass show -o \(Self.name) && pass ls --flat && pass grep -c second
      for command in "generate x/y" "rm -f \(Self.name)" "mv \(Self.name) x" "insert -e x"; do
        echo secret | pass $command; echo "$?"
      done
      """
    let run = try Run.program(
      Executables.ofSystem("unshare"), ["-m", "/bin/sh", "-c", script], environment: home.environment)
    #expect(run.lines.first == PassHome.secret && run.lines.filter { $0 == "7" }.count == 4, "\(run.output)")
    #expect(run.errorLines.count { $0 == "pass: error: cannot write to the vault; nothing was changed" } == 4)
    #expect(try home.logins().count == 2)
  }
}
