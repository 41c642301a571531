import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// `lockwise-env run --mask` as a job of interactive shells.
@Suite struct EnvMaskJobTests {
  /// A shell and its arguments.
  static let shells = [["/bin/bash", "--norc", "--noprofile", "-i"], ["/bin/zsh", "-f", "-i"]]

  private let home: EnvHome

  init() throws { home = try EnvHome([EnvHome.Login(username: "alice", password: "hunter22")]) }

  private func start(_ shell: [String]) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      shell[0], Array(shell.dropFirst()),
      environment: home.environment.merging(["PS1": "%% ", "HISTFILE": ""]) { $1 })
    try enter("PS1='@@'' '; m() { lockwise-env run --mask P=lockwise://example.com -- \"$@\"; }", terminal)
    return terminal
  }

  /// Types a line and waits for the next prompt.
  private func enter(_ line: String, _ terminal: PseudoTerminal) throws {
    terminal.enter(line)
    try terminal.expect("@@ ")
    usleep(100_000)
  }

  /// Writes the settings of the terminal to a file and returns them.
  private func settings(_ name: String, _ terminal: PseudoTerminal) throws -> String {
    try enter("stty -g >\(home.path(name))", terminal)
    return try String(contentsOfFile: home.path(name), encoding: .utf8)
  }

  @Test(arguments: shells) func stopsAndContinues(shell: [String]) throws {
    let terminal = try start(shell)
    let before = try settings("before", terminal)
    terminal.enter("m sh -c 'echo re''ady; cat; echo en''d $P'")
    try terminal.expect("ready")
    terminal.enter("one")
    try terminal.expect("one\r\none\r\n")
    for turn in ["two", "three"] {
      terminal.send("\u{1A}")
      try terminal.expect("@@ ")
      #expect(try settings("stopped", terminal) == before)
      terminal.resize(rows: 31, columns: turn == "two" ? 91 : 92)
      terminal.enter("fg")
      usleep(1_000_000)
      terminal.enter(turn)
      try terminal.expect("\(turn)\r\n\(turn)\r\n")
    }
    terminal.send("\u{4}")
    try terminal.expect("end <hidden:P>")
    try terminal.expect("@@ ")
    #expect(try settings("after", terminal) == before)
    try enter("m stty size", terminal)
    #expect(terminal.shown.contains("31 92"))
    terminal.enter("exit")
    #expect(try terminal.finish().isRestored)
  }

  @Test(arguments: shells) func restoresTheSettingsAfterEveryEnd(shell: [String]) throws {
    let terminal = try start(shell)
    let before = try settings("before", terminal)
    try enter("m sh -c 'stty raw; kill -9 $$'", terminal)
    #expect(try settings("killed", terminal) == before)
    try enter("m sh -c 'kill -TERM $(ps -o ppid= -p $PPID); sleep 60'", terminal)
    #expect(try settings("terminated", terminal) == before)
    // Not sh: dash may ignore a Ctrl-C right after its own output.
    terminal.enter("m bash -c 'echo re''ady; exec sleep 60'")
    try terminal.expect("ready")
    terminal.send("\u{3}")
    try terminal.expect("@@ ")
    #expect(try settings("interrupted", terminal) == before)
    try enter("echo status=$?", terminal)
    terminal.enter("exit")
    #expect(try terminal.finish().isRestored)
  }

  @Test(arguments: shells) func runsInTheBackground(shell: [String]) throws {
    let terminal = try start(shell)
    let before = try settings("before", terminal)
    terminal.enter("m sh -c 'sleep 0.3; echo fi''rst $P; read x; echo go''t $x' &")
    try terminal.expect("first <hidden:P>")
    usleep(1_000_000)
    // The job has stopped because it reads.
    terminal.enter("")
    try terminal.expect("@@ ")
    terminal.enter("fg")
    usleep(1_000_000)
    terminal.enter("line")
    try terminal.expect("got line")
    try terminal.expect("@@ ")
    #expect(try settings("after", terminal) == before)
    terminal.enter("exit")
    #expect(try terminal.finish().isRestored)
  }

  @Test(arguments: shells) func continuesInTheBackground(shell: [String]) throws {
    let terminal = try start(shell)
    // Not sh: dash uses vfork(2), so a Ctrl-Z stops its child before exec, and dash waits for that.
    terminal.enter("m bash -c 'echo re''ady; sleep 4; echo do''ne'")
    try terminal.expect("ready")
    terminal.send("\u{1A}")
    try terminal.expect("@@ ")
    usleep(100_000)
    terminal.enter("bg")
    try terminal.expect("done")
    // zsh does not exit while it has jobs.
    try enter("wait", terminal)
    terminal.enter("exit")
    #expect(try terminal.finish().isRestored)
  }

  @Test func runsAnInteractiveShell() throws {
    let terminal = try start(Self.shells[0])
    terminal.enter("m bash --norc --noprofile -i")
    usleep(1_500_000)
    terminal.enter("PS1='##'' '; echo $P")
    try terminal.expect("<hidden:P>")
    try terminal.expect("## ")
    terminal.enter("sleep 60")
    usleep(1_000_000)
    terminal.send("\u{1A}")
    try terminal.expect("## ")
    terminal.enter("jobs")
    try terminal.expect("Stopped")
    try terminal.expect("## ")
    terminal.enter("kill %1; exit")
    usleep(1_000_000)
    terminal.enter("exit")
    try terminal.expect("@@ ")
    terminal.enter("exit")
    #expect(try terminal.finish().isRestored)
  }

  @Test func runsInTmux() throws {
    let socket = home.path("tmux")
    let tmux = { (arguments: [String]) in
      try home.program("/usr/bin/tmux", ["-f", "/dev/null", "-S", socket] + arguments)
    }
    let created = try tmux([
      "new-session", "-d", "-x", "80", "-y", "24",
      "lockwise-env run --mask P=lockwise://example.com -- sh -c 'stty size; echo $P; read x; stty size; read x'",
    ])
    try #require(created.status == 0, "\(created.error)")
    defer { _ = try? tmux(["kill-server"]) }
    let pane = { (text: String) in
      Deadline(seconds: 20).await { (try? tmux(["capture-pane", "-p"]).output.contains(text)) == true }
    }
    #expect(pane("24 80\n<hidden:P>\n"))
    _ = try tmux(["resize-window", "-x", "100", "-y", "30"])
    _ = try tmux(["send-keys", "Enter"])
    #expect(pane("30 100"))
  }
}
