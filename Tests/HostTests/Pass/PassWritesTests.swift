import Foundation
import Testing

@testable import LockwiseHostSupport

/// The files that commands write, traced with strace(1): those of the vault, of `/dev/shm` and the terminal.
@Suite(.enabled(if: geteuid() == 0, "only root may read the memory of a process that cannot be dumped"))
final class PassWritesTests {
  private let home: PassHome

  init() throws {
    home = try PassHome.withTwoLogins()
    home.environment["EDITOR"] = "sed -i 1s/^/x/"
  }

  /// Runs a program and returns the calls by which it, or a program that it starts, opens a file for writing, or makes,
  /// links or renames one.
  private func writes(_ program: String, _ arguments: [String], input: Input = .none) throws -> [String] {
    let trace = home.scratch.root + "/trace"
    let calls = "trace=openat,open,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,mknodat"
    try Run.program(
      Executables.ofSystem("strace"), ["-f", "-o", trace, "-e", calls, program] + arguments, input: input,
      environment: home.environment
    ).expectSuccess()
    let writing = ["O_WRONLY", "O_RDWR", "O_CREAT", "creat(", "rename", "link", "mkdir", "mknod"]
    return try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").map(String.init).filter { line in
      writing.contains(where: line.contains) && !line.contains(" = -1 ")
    }
  }

  private func isExpected(_ line: String) -> Bool {
    let vault = home.scratch.vault.replacing("//", with: "/")
    return ["\"\(vault)/", "\"/dev/shm/lockwise-pass.", "\"/dev/tty\"", "\"/dev/null\""].contains(where: line.contains)
  }

  @Test(
    arguments: [
      (["insert", "-m", "new.example/carol"], "secret\nnote\n"),
      (["insert", "-f", "-e", "example.com/alice"], "new\n"),
      (["edit", "example.com/alice"], nil), (["edit", "new.example/dave"], nil),
      (["generate", "new.example/erin"], nil),
      (["generate", "-i", "example.com/bob"], nil), (["rm", "-f", "example.com/bob"], nil),
      (["mv", "example.com/bob", "own/name"], nil),
    ] as [([String], String?)])
  func changesAreWrittenToTheVault(arguments: [String], input: String?) throws {
    home.environment["EDITOR"] = arguments[1].hasPrefix("new") ? "echo text >" : home.environment["EDITOR"]
    let lines = try writes(home.bin + "/pass", arguments, input: input.map { .text($0) } ?? .none)
    #expect(lines.allSatisfy(isExpected), "\(lines.filter { !isExpected($0) })")
    #expect(lines.contains { $0.contains("/vault.db-wal\"") })
    #expect(lines.contains { $0.contains("\"/dev/shm/lockwise-pass.") } == (arguments[0] == "edit"))
  }

  @Test(arguments: [
    ["show", "example.com/alice"], ["ls"], ["grep", "second"], ["grep", "-c", "-e", "url", "-i"], ["find", "alice"],
    ["show", "--json", "example.com/bob"], ["otp", "validate", "otpauth://totp/a?secret=ABCD"],
  ])
  func readingWritesNothingElse(arguments: [String]) throws {
    let lines = try writes(home.bin + "/pass", arguments)
    #expect(lines.allSatisfy(isExpected), "\(lines.filter { !isExpected($0) })")
    #expect(!lines.contains { $0.contains("/dev/shm") })
  }

  /// The trace shows what a program does that is started by another.
  @Test func theTraceShowsOtherFiles() throws {
    let file = home.scratch.root + "/elsewhere"
    let script = "\"$1\" show example.com/alice | sed w\"$2\" >/dev/null"
    let lines = try writes("/bin/sh", ["-c", script, "sh", home.bin + "/pass", file])
    #expect(lines.filter { !isExpected($0) }.contains { $0.contains("/elsewhere\"") })
  }
}
