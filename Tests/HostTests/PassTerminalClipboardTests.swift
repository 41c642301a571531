import Foundation
import Testing

@testable import LockwiseHostSupport

/// The clipboard of the terminal, on a pseudo terminal and inside a real tmux.
@Suite(.serialized) final class PassTerminalClipboardTests {
  private let home: PassHome
  private let base64 = Data(PassHome.secret.utf8).base64EncodedString()

  init() throws {
    home = try PassHome.withTwoLogins()
    // No program of the system can copy.
    home.environment["PATH"] = home.bin
  }

  /// Runs a shell script at a terminal.
  private func terminal(_ script: String, with variables: [String: String] = [:]) throws -> PseudoTerminal {
    try PseudoTerminal(
      "/bin/sh", ["-c", script],
      environment: home.environment.merging(["PASSWORD_STORE_CLIP_TIME": "2"]) { $1 }.merging(variables) { $1 })
  }

  @Test func theTerminalIsFilledAndEmptied() throws {
    let terminal = try terminal("pass -c example.com/alice; /bin/sleep 4")
    try terminal.expect("\u{1B}]52;c;\(base64)\u{7}")
    try terminal.expect("Copied example.com/alice to clipboard. Will clear in 2 seconds.")
    try terminal.expect("\u{1B}]52;c;!\u{7}")
    #expect(Deadline(seconds: 10).await { home.waitingProcesses(atTerminal: true).isEmpty })
  }

  @Test func onlyTheLastOfTwoCopiesIsEmptied() throws {
    let script = "pass -c example.com/alice; PASSWORD_STORE_CLIP_TIME=5 pass -c example.com/bob; /bin/sleep 9"
    let terminal = try terminal(script)
    try terminal.expect("\u{1B}]52;c;c2Vjb25k\u{7}")
    let began = ContinuousClock.now
    try terminal.expect("\u{1B}]52;c;!\u{7}")
    #expect(ContinuousClock.now - began >= .seconds(4))
    #expect(try !terminal.finish().shown.contains("!\u{7}\u{1B}]52"))
  }

  /// A later copy in another terminal does not keep the first one filled.
  @Test func eachTerminalIsEmptiedAtItsTime() throws {
    let first = try terminal("pass -c example.com/alice; /bin/sleep 8")
    try first.expect("Copied example.com/alice")
    let second = try terminal("PASSWORD_STORE_CLIP_TIME=20 pass -c example.com/bob; /bin/sleep 8")
    try second.expect("Copied example.com/bob")
    try first.expect("\u{1B}]52;c;!\u{7}", timeout: 10)
    #expect(!second.shown.contains("\u{1B}]52;c;!"))
    for id in home.waitingProcesses(atTerminal: true) { kill(id, SIGTERM) }
  }

  @Test func aSelectionAndScreenAreRespected() throws {
    let terminal = try terminal(
      "TERM=screen pass -c example.com/bob", with: ["PASSWORD_STORE_X_SELECTION": "primary", "STY": "1.test"])
    try terminal.expect("\u{1B}P\u{1B}]52;p;c2Vjb25k\u{7}\u{1B}\\")
  }

  @Test func aTerminalWithoutAClipboardIsNotUsed() throws {
    for type in ["dumb", "linux"] {
      let terminal = try terminal("TERM=\(type) pass -c example.com/bob")
      try terminal.expect("Error: No X11 or Wayland display detected")
      #expect(try terminal.finish().status == 1)
    }
  }

  /// Starts tmux with a server of its own around a script.
  private func tmux(_ script: String, options: String) throws -> PseudoTerminal {
    home.environment["PATH"] = home.bin + ":/usr/bin:/bin"
    let socket = home.scratch.root + "/tmux"
    try home.scratch.write(options + "\n", to: home.scratch.root + "/tmux.conf")
    return try PseudoTerminal(
      Executables.ofSystem("tmux"),
      ["-S", socket, "-f", home.scratch.root + "/tmux.conf", "new-session", script],
      environment: home.environment.merging(["PASSWORD_STORE_CLIP_TIME": "2"]) { $1 })
  }

  @Test func aSecretPassesThroughTmux() throws {
    let terminal = try tmux(
      "sleep 1; pass -c example.com/alice; sleep 5", options: "set -g allow-passthrough on")
    try terminal.expect("\u{1B}]52;c;\(base64)\u{7}")
    try terminal.expect("\u{1B}]52;c;!\u{7}")
  }

  /// By default tmux 3.3 drops what programs wrap for the terminal, and their own OSC 52.
  @Test func tmuxFillsTheClipboardWhereItLetsNothingThrough() throws {
    let terminal = try tmux(
      "sleep 1; pass -c example.com/alice; sleep 4; echo buffers: $(tmux list-buffers | wc -l); sleep 2", options: "")
    try terminal.expect("\u{1B}]52;;\(base64)\u{7}")
    // tmux cannot empty the clipboard, hence a space.
    try terminal.expect("\u{1B}]52;;IA==\u{7}")
    try terminal.expect("buffers: 0")
  }

  /// A short secret, and one that screen accepts only in pieces.
  @Test(arguments: [PassHome.secret, String(repeating: "long secret ", count: 80)])
  func aSecretPassesThroughScreen(secret: String) throws {
    home.environment["PATH"] = home.bin + ":/usr/bin:/bin"
    try home.pass("insert", "-f", "-m", "example.com/alice", input: .text(secret + "\n")).expectSuccess()
    let folder = home.scratch.root + "/screen"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try home.scratch.write("startup_message off\n", to: home.scratch.root + "/screenrc")
    let terminal = try PseudoTerminal(
      Executables.ofSystem("screen"),
      ["-c", home.scratch.root + "/screenrc", "/bin/sh", "-c", "sleep 1; pass -c example.com/alice; sleep 5"],
      environment: home.environment.merging(["PASSWORD_STORE_CLIP_TIME": "2", "SCREENDIR": folder]) { $1 })
    try terminal.expect("\u{1B}]52;c;\(Data(secret.utf8).base64EncodedString())\u{7}")
    try terminal.expect("\u{1B}]52;c;!\u{7}")
    // screen ends with its only window.
    #expect(try terminal.finish().status == 0)
  }
}
