import Foundation
import Testing

@testable import LockwiseHostSupport

/// What is left of `pass edit` after signals, and what vim leaves.
@Suite final class PassEditSignalTests {
  private static let name = "example.com/alice"

  private let home: PassHome
  private var log: String { home.scratch.root + "/log" }

  init() throws {
    home = try PassHome.withTwoLogins()
    let path = home.scratch.root + "/editor"
    try home.scratch.write(
      "#!/bin/sh\necho changed >\"$1\"\necho \"$$ $1\" >\(log).new\nmv \(log).new \(log)\nexec sleep 1000\n", to: path)
    home.environment["EDITOR"] = path
  }

  /// Waits for the editor.
  ///
  /// - Returns: its process id and the folder of the file.
  private func editor() throws -> (id: pid_t, folder: String) {
    var words: [Substring] = []
    guard
      Deadline(seconds: 30).await({
        words = ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: " ", maxSplits: 1)
        return words.count == 2
      })
    else { throw TimedOut(description: "the editor did not start") }
    let folder = (words[1].trimmingCharacters(in: .newlines) as NSString).deletingLastPathComponent
    #expect(access(folder, F_OK) == 0)
    return (try #require(pid_t(words[0])), folder)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT]) func aSignalLeavesNothing(number: Int32) throws {
    let before = try home.logins().map(\.json)
    let run = try RunningProgram(home.bin + "/pass", ["edit", Self.name], environment: home.environment)
    let editor = try editor()
    run.signal(number)
    let end = try run.finish(timeout: 30)
    #expect(end.ending == .killed(signal: number))
    #expect(access(editor.folder, F_OK) != 0)
    #expect(Deadline(seconds: 5).await { kill(editor.id, 0) != 0 })
    #expect(try home.logins().map(\.json) == before)
  }

  @Test func theEndOfTheEditorLeavesNothing() throws {
    let run = try RunningProgram(home.bin + "/pass", ["edit", Self.name], environment: home.environment)
    let editor = try editor()
    kill(editor.id, SIGTERM)
    #expect(try run.finish(timeout: 30).status == 130)
    #expect(access(editor.folder, F_OK) != 0)
  }

  @Test func controlCEndsTheEditorAndThenThisProgram() throws {
    let terminal = try home.terminal(["edit", Self.name])
    let editor = try editor()
    terminal.send("\u{3}")
    let end = try terminal.finish()
    #expect(end.status == 130)
    #expect(end.isRestored)
    #expect(access(editor.folder, F_OK) != 0)
    #expect(kill(editor.id, 0) != 0)
  }

  @Test func aKilledRunLeavesAFolderThatALaterOneRemoves() throws {
    let run = try RunningProgram(home.bin + "/pass", ["edit", Self.name], environment: home.environment)
    let editor = try editor()
    run.signal(SIGKILL)
    _ = try run.finish()
    kill(editor.id, SIGKILL)
    #expect(access(editor.folder, F_OK) == 0)
    let old = [timeval(tv_sec: 1_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0)]
    #expect(utimes(editor.folder, old) == 0)
    home.environment["EDITOR"] = "true"
    #expect(try home.pass("edit", Self.name).status == 1)
    #expect(access(editor.folder, F_OK) != 0)
  }

  /// A vim whose settings keep everything: swap, backup, undo, and the memory of registers.
  @Test func vimWritesTheTextNowhereElse() throws {
    let folder = (home.environment["HOME"] ?? "") + "/vim"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try home.scratch.write(
      """
      set nocompatible backup writebackup undofile swapfile updatetime=10 updatecount=1 history=50
      set backupdir=\(folder)// undodir=\(folder)// directory=\(folder)// viminfo='100,<1000,:100,/100,n\(folder)/viminfo
      """, to: (home.environment["HOME"] ?? "") + "/.vimrc")
    home.environment["EDITOR"] = "vim"
    let terminal = try home.terminal(["edit", Self.name])
    try terminal.expect("url: https://example.com")
    terminal.send("yyGotyped in vim\u{1B}/alice\r:w\r")
    usleep(300_000)
    terminal.send(":wq\r")
    #expect(try terminal.finish().status == 0)
    #expect(try home.pass("show", Self.name).expectSuccess().output.hasSuffix("\ntyped in vim\n"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }
}
