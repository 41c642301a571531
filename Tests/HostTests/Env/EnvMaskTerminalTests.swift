import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// `lockwise-env run --mask` at a terminal.
@Suite struct EnvMaskTerminalTests {
  private let home: EnvHome

  init() throws { home = try EnvHome([EnvHome.Login(username: "alice", password: "hunter22")]) }

  private func mask(_ command: [String]) throws -> PseudoTerminal {
    try PseudoTerminal(
      home.bin + "/lockwise-env", ["run", "--mask", "P=lockwise://example.com", "--"] + command,
      environment: home.environment)
  }

  private func python(_ script: String) throws -> PseudoTerminal { try mask(["python3", "-c", script]) }

  /// Runs a script of sh in which `$M` runs a command with `--mask`.
  private func shell(_ script: String) throws -> PseudoTerminal {
    try PseudoTerminal(
      "/bin/sh", ["-c", script],
      environment: home.environment.merging(["M": "lockwise-env run --mask P=lockwise://example.com --"]) { $1 })
  }

  @Test func givesATerminalToAllStreams() throws {
    let terminal = try python(
      "import os; print([os.isatty(i) for i in (0, 1, 2)], os.tcgetpgrp(0) == os.getpgrp(), os.environ['P'])")
    let outcome = try terminal.finish()
    #expect(outcome.shown == "[True, True, True] True <hidden:P>\r\n" + "\r\n" && outcome.status == 0)
    #expect(outcome.isRestored)
  }

  @Test func hidesLinesAsTheTerminalEndsThem() throws {
    let home = try EnvHome([EnvHome.Login(username: "alice", password: "ab\ncd\nefghij")])
    let terminal = try PseudoTerminal(
      home.bin + "/lockwise-env", ["run", "--mask", "P=lockwise://example.com", "--", "sh", "-c", #"echo "<$P>""#],
      environment: home.environment)
    #expect(try terminal.finish().shown == "<<hidden:P>>\r\n\r\n")
  }

  @Test func passesTheSizeAndItsChange() throws {
    let terminal = try python(
      """
      import os, signal, time
      # print() must not be interrupted by itself.
      def show(*a): os.write(1, b'size %d %d\\n' % os.get_terminal_size())
      signal.signal(signal.SIGWINCH, show)
      print('ready', flush=True)
      while os.get_terminal_size().lines != 33: time.sleep(0.1)
      """)
    try terminal.expect("ready")
    terminal.resize(rows: 20, columns: 70)
    try terminal.expect("size 70 20")
    terminal.resize(rows: 33, columns: 99)
    try terminal.expect("size 99 33")
    #expect(try terminal.finish().status == 0)
  }

  @Test func letsGetpassHideTheInput() throws {
    let terminal = try python("import getpass; print('got', getpass.getpass('secret: ').upper())")
    try terminal.expect("secret: ")
    terminal.enter("typed")
    try terminal.expect("got TYPED")
    let outcome = try terminal.finish()
    #expect(!outcome.shown.contains("typed") && outcome.isRestored)
  }

  @Test func endsTheInputByCtrlD() throws {
    let terminal = try mask(["sh", "-c", "echo ready; cat; echo end"])
    try terminal.expect("ready")
    terminal.enter("one")
    try terminal.expect("one\r\none\r\n")
    terminal.send("\u{4}")
    try terminal.expect("end")
    #expect(try terminal.finish().status == 0)
  }

  @Test func runsCurses() throws {
    let terminal = try python(
      """
      import curses, os
      def main(screen):
        curses.curs_set(0); screen.addstr(3, 5, 'value ' + os.environ['P']); screen.refresh()
        key = screen.getch(); screen.addstr(4, 5, 'key %d' % key); screen.refresh(); screen.getch()
      curses.wrapper(main)
      """)
    try terminal.expect("value ")
    try terminal.expect("<hidden:P>")
    terminal.send("\u{1B}[A")
    try terminal.expect("key 27")
    terminal.send("q")
    let outcome = try terminal.finish()
    #expect(outcome.isRestored && outcome.status == 0 && !outcome.shown.contains("hunter22"))
  }

  @Test func sendsOneInterrupt() throws {
    let terminal = try python(
      """
      import signal, time
      count = 0
      def add(*a):
        global count
        count += 1
      signal.signal(signal.SIGINT, add)
      print('ready', flush=True)
      while not count: time.sleep(0.01)
      time.sleep(0.5)
      print('count', count)
      """)
    try terminal.expect("ready")
    terminal.send("\u{3}")
    try terminal.expect("count 1")
    #expect(try terminal.finish().isRestored)
  }

  @Test(arguments: [("\u{3}", SIGINT), ("\u{1C}", SIGQUIT)]) func endsByKeys(key: String, number: Int32) throws {
    // Not a shell: dash may ignore a Ctrl-C right after its own output, and bash ignores Ctrl-\.
    let terminal = try mask(["perl", "-e", "$| = 1; print 'ready'; sleep 60"])
    try terminal.expect("ready")
    terminal.send(key)
    let outcome = try terminal.finish()
    #expect(outcome.status == 128 + number && outcome.isRestored)
  }

  @Test func restoresTheTerminalAfterAKilledCommand() throws {
    let terminal = try mask(["sh", "-c", "stty raw -echo; kill -KILL $$"])
    let outcome = try terminal.finish()
    #expect(outcome.status == 128 + SIGKILL && outcome.isRestored)
  }

  @Test func restoresTheTerminalAfterASignal() throws {
    let terminal = try mask(["sh", "-c", "stty raw -echo; printf ready; exec sleep 60"])
    try terminal.expect("ready")
    kill(try #require(terminal.program), SIGTERM)
    let outcome = try terminal.finish()
    #expect(outcome.status == 128 + SIGTERM && outcome.isRestored)
  }

  @Test func restoresTheTerminalAfterItsOwnKill() throws {
    // The shell waits, so that the monitor restores the terminal first.
    let terminal = try shell("$M sh -c 'printf ready; exec sleep 60'; sleep 1; exit 5")
    try terminal.expect("ready")
    let shell = try #require(terminal.program)
    let children = try String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
    kill(try #require(children.split(separator: " ").first.flatMap { pid_t($0) }), SIGKILL)
    let outcome = try terminal.finish()
    #expect(outcome.status == 5 && outcome.isRestored)
  }

  @Test func keepsAPipeAsInput() throws {
    let terminal = try shell(
      #"echo data | $M sh -c 'test -t 0 || echo no terminal; test -t 1 && cat; read k </dev/tty; echo "$k $P"'"#)
    try terminal.expect("data")
    terminal.enter("key")
    try terminal.expect("key <hidden:P>")
    #expect(try terminal.finish().isRestored)
  }

  @Test func keepsAPipeAsOutput() throws {
    let terminal = try shell(
      #"$M sh -c 'test -t 1 || echo out $P; test -t 2 && echo error $P >&2; read k; echo $k' | sed 's/^/piped /'"#)
    // sed may write before or after the other stream.
    try terminal.expect("error <hidden:P>")
    terminal.enter("key")
    try terminal.expect("piped key")
    #expect(terminal.shown.contains("piped out <hidden:P>"))
    #expect(try terminal.finish().isRestored)
  }

  @Test func leavesKeysToOthersInAPipeline() throws {
    let terminal = try shell("$M sh -c 'echo out $P; sleep 1' | sh -c 'read k </dev/tty; cat; echo got $k'")
    usleep(300_000)
    terminal.enter("key")
    try terminal.expect("out <hidden:P>")
    try terminal.expect("got key")
    #expect(try terminal.finish().isRestored)
  }

  @Test func keepsAFileAsOutput() throws {
    let file = home.path("out")
    let terminal = try shell("$M sh -c 'test -t 1 || echo out $P; test -t 0 && test -t 2 && echo both' >\(file)")
    #expect(try terminal.finish().status == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "out <hidden:P>\nboth\n")
  }

  @Test func needsNoPseudoTerminalForInputAlone() throws {
    let terminal = try shell("$M sh -c 'test -t 0 && read k && echo $k $P; tty' 2>&1 | cat")
    usleep(300_000)
    terminal.enter("key")
    try terminal.expect("key <hidden:P>")
    #expect(try terminal.finish().isRestored)
  }

  @Test func nests() throws {
    let terminal = try shell("$M $M sh -c 'test -t 1 && echo $P; read k; echo got $k'")
    try terminal.expect("<hidden:P>")
    terminal.enter("key")
    try terminal.expect("got key")
    #expect(try terminal.finish().isRestored)
  }

  @Test func endsBeforeAnEndlessProcess() throws {
    let terminal = try mask(["sh", "-c", "yes & echo $P"])
    #expect(try terminal.finish().status == 0)
  }

  @Test func hidesTypedSecrets() throws {
    let terminal = try mask(["sh", "-c", "echo ready; read x; echo end"])
    try terminal.expect("ready")
    terminal.enter("hunter22")
    try terminal.expect("end")
    #expect(try terminal.finish().shown.contains("<hidden:P>"))
  }
}
