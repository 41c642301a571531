import Foundation
import Testing

@testable import LockwiseHostSupport

/// `pass edit` with editors that behave in every way, and with a real vim.
@Suite final class PassEditTests {
  private static let name = "example.com/alice"
  private static let body = "\(PassHome.secret)\nlogin: alice\nurl: https://example.com\n"

  private let home: PassHome
  private var log: String { home.scratch.root + "/log" }

  init() throws { home = try PassHome.withTwoLogins() }

  /// Makes the shell commands the editor. `$1` is the file; its path goes to the log.
  private func useEditor(_ commands: String, in variable: String = "EDITOR") throws {
    let path = home.scratch.root + "/editor of " + variable
    try home.scratch.write("#!/bin/sh\necho \"$1\" >>\(log)\n\(commands)\n", to: path)
    home.environment[variable] = "'\(path)'"
  }

  /// The paths of the files that the editor got.
  private var files: [String] {
    ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  private func show(_ name: String = PassEditTests.name) throws -> String {
    try home.pass("show", name).expectSuccess().output
  }

  /// Checks that the files and their folders are gone.
  private func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!files.isEmpty, sourceLocation: sourceLocation)
    for file in files {
      let folder = (file as NSString).deletingLastPathComponent
      #expect(access(folder, F_OK) != 0, "\(folder)", sourceLocation: sourceLocation)
    }
  }

  @Test func theTextIsInAPrivateFileInMemory() throws {
    try useEditor(
      """
      stat -c '%a %F' "$1" "$(dirname "$1")" >\(home.scratch.root)/modes
      cat "$1" >\(home.scratch.root)/text
      sed -i '1s/.*/changed/' "$1"; echo 'note: ü' >>"$1"
      """)
    let run = try home.pass("edit", Self.name).expectSuccess()
    #expect(run.output == "" && run.error == "")
    #expect(try String(contentsOfFile: home.scratch.root + "/text", encoding: .utf8) == Self.body)
    #expect(
      try String(contentsOfFile: home.scratch.root + "/modes", encoding: .utf8) == "600 regular file\n700 directory\n")
    #expect(try show() == "changed\nlogin: alice\nurl: https://example.com\nnote: ü\n")
    let file = try #require(files.first)
    #expect(file.hasPrefix("/dev/shm/lockwise-pass."))
    #expect(file.hasSuffix("-example.com-alice.txt"))
    expectNothingLeft()
    #expect(try home.logins().count == 2)
  }

  @Test func visualComesBeforeEditorAndTheShellReadsBoth() throws {
    try useEditor("echo from editor >>\"$1\"")
    try useEditor("echo from visual $2 >>\"$1\"", in: "VISUAL")
    try home.pass("edit", Self.name).expectSuccess()
    #expect(try show().hasSuffix("\nfrom visual\n"))
    home.environment["VISUAL"] = nil
    home.environment["EDITOR"] = "X=1 " + (home.environment["EDITOR"] ?? "")
    try home.pass("edit", Self.name + "/").expectSuccess()
    #expect(try show().hasSuffix("\nfrom visual\nfrom editor\n"))
    expectNothingLeft()
  }

  @Test(
    arguments: [
      ("true", 1, "Password unchanged.\n"), ("touch \"$1\"", 1, "Password unchanged.\n"),
      ("rm \"$1\"", 1, "New password not saved.\n"),
      ("echo x >\"$1\"; exit 3", 1, "pass: error: the editor ended with status 3; nothing was changed\n"),
      ("echo x >\"$1\"; kill -9 $$", 130, "pass: error: a signal ended the editor; nothing was changed\n"),
      (": >\"$1\"", 1, "pass: error: cannot save the entry: there is nothing to store\n"),
      ("printf 'a\\0b' >\"$1\"", 1, "pass: error: cannot save the entry: it contains a NUL byte\n"),
      ("printf '\\377' >\"$1\"", 1, "pass: error: cannot save the entry: not UTF-8\n"),
      ("head -c 1100000 /dev/zero | tr '\\0' x >\"$1\"", 1, "pass: error: cannot save the entry: longer than 1 MiB\n"),
      ("rm \"$1\"; ln -s /etc/passwd \"$1\"", 1, nil), ("rm \"$1\"; mkdir \"$1\"", 1, nil),
      ("rm \"$1\"; mkfifo \"$1\"", 1, nil),
    ] as [(String, Int32, String?)])
  func anEditorThatSavesNothingChangesNothing(commands: String, status: Int32, message: String?) throws {
    try useEditor(commands)
    let before = try home.logins().map(\.json)
    let run = try home.pass("edit", Self.name)
    #expect(run.status == status)
    // The shell may report the editor's end in a line of its own before.
    #expect(message.map(run.error.hasSuffix) ?? run.error.hasPrefix("pass: error: cannot read "))
    #expect(run.output == "")
    #expect(try home.logins().map(\.json) == before)
    expectNothingLeft()
  }

  @Test func anEntryThatDoesNotExistIsMade() throws {
    try useEditor("test -e \"$1\" && exit 9; printf 'new\\nnote' >\"$1\"")
    try home.pass("edit", "other.example/carol").expectSuccess()
    #expect(try show("other.example/carol") == "new\nnote\n")
    try useEditor("true")
    let run = try home.pass("edit", "other.example/dave")
    #expect(run.status == 1 && run.error == "New password not saved.\n")
    for name in ["../x", "a/../b"] {
      let run = try home.pass("edit", name)
      #expect(run.error == "Error: You've attempted to pass a sneaky path to pass. Go home.\n")
    }
    for arguments in [[], ["a", "b"], [""], ["/"]] as [[String]] {
      #expect(try home.pass(["edit"] + arguments).status != 0)
    }
    #expect(try home.logins().count == 3)
    expectNothingLeft()
  }

  /// The editor runs pass itself, as another program would meanwhile.
  @Test func aChangeFromElsewhereIsMerged() throws {
    try useEditor(
      """
      pass insert -f -e \(Self.name) <<END
      from elsewhere
      END
      (pass show \(Self.name); echo theirs) | pass insert -f -m \(Self.name) >/dev/null
      echo ours >>"$1"
      """)
    let run = try home.pass("edit", Self.name).expectSuccess()
    #expect(run.error == "pass: notice: example.com/alice was changed meanwhile; both changes are saved\n")
    #expect(try show() == "from elsewhere\nlogin: alice\nurl: https://example.com\nours\ntheirs\n")
    // A password that both changed is the edited one; the other is a former password.
    try useEditor("echo elsewhere2 | pass insert -f -e \(Self.name); sed -i '1s/.*/edited/' \"$1\"")
    try home.pass("edit", Self.name).expectSuccess()
    #expect(try show() == "edited\nlogin: alice\nurl: https://example.com\nours\ntheirs\n")
    let history = try home.pass("history", "--show", Self.name).expectSuccess().output
    for former in ["elsewhere2", "from elsewhere", PassHome.secret] { #expect(history.contains(former)) }
  }

  @Test func anEntryThatWasDeletedMeanwhileIsMadeAgain() throws {
    try useEditor("pass rm -f \(Self.name) >/dev/null; echo ours >>\"$1\"")
    try home.pass("edit", Self.name).expectSuccess()
    #expect(try show() == Self.body + "ours\n")
    #expect(try home.logins().count == 2)
  }
}
