import Foundation
import Testing

@testable import LockwiseHostSupport

/// `lockwise-env run --file`, `--files` and `--stdin`: files in memory.
@Suite final class EnvFileTests {
  private static let large = String(repeating: "200 KB of text\n", count: 14_000)
  private static let reference = "F=lockwise://a.example/alice"

  private let home: EnvHome

  init() throws {
    home = try EnvHome([
      EnvHome.Login(origin: "https://a.example", username: "alice", password: "radium 226\n\n"),
      EnvHome.Login(origin: "https://b.example", username: "bob", password: "polonium", notes: Self.large),
    ])
  }

  private func shell(_ options: [String], _ line: String, with variables: [String: String] = [:]) throws -> Run {
    try home.env(["run"] + options + ["sh", "-c", line], with: variables)
  }

  @Test func givesAFileWithExactlyTheSecret() throws {
    let run = try shell(
      ["--file", Self.reference], "cat \"$F\" \"$F\"; stat -L -c '%a %F %s %u' \"$F\"; echo \"$F\" $$")
    let lines = run.expectSuccess().output
    #expect(lines.hasPrefix("radium 226\n\nradium 226\n\n400 regular file 12 \(getuid())\n/proc/"), "\(lines)")
    let words = try #require(run.lines.last).split(separator: " ")
    #expect(words[0].hasPrefix("/proc/\(words[1])/fd/"))
    #expect(try #require(Int(words[0].split(separator: "/")[3])) >= 100)
    #expect(run.error.isEmpty)
  }

  @Test func givesALargeFileToAGrandchildWithClosedDescriptors() throws {
    let run = try shell(
      ["--file", "F=lockwise://b.example/bob/notes"],
      """
      python3 -c '
      import os, subprocess
      subprocess.run(["sh", "-c", "cat $F; (exec cat $F)"], close_fds=True, check=True)
      for fd in range(3, 1024):
        try: os.close(fd)
        except OSError: pass
      ' && exec 3</dev/null 9>/dev/null && bash -c 'cat < "$F"'
      """)
    #expect(run.expectSuccess().output == Self.large + Self.large + Self.large, "\(run.error)")
  }

  @Test func givesAKeyToSSH() throws {
    let key = home.path("ssh-key")
    try Run.program(
      Executables.ofSystem("ssh-keygen"), ["-q", "-t", "ed25519", "-N", "", "-C", "x", "-f", key],
      environment: home.environment
    ).expectSuccess()
    let text = try String(contentsOfFile: key, encoding: .utf8)
    let other = try EnvHome([EnvHome.Login(origin: "https://k.example", username: "k", password: "x", notes: text)])
    let run = try other.env("run", "--file", "K=k.example/k/notes", "sh", "-c", "ssh-keygen -y -f \"$K\"")
    #expect(run.expectSuccess().output == (try String(contentsOfFile: key + ".pub", encoding: .utf8)), "\(run.error)")
  }

  /// Not even root can change it.
  @Test func sealsTheFile() throws {
    let run = try shell(
      ["--file", Self.reference],
      """
      python3 -c '
      import os
      for change in [lambda: os.truncate(os.environ["F"], 3), lambda: os.write(os.open(os.environ["F"], os.O_RDWR), b"x"),
                     lambda: os.write(int(os.environ["F"].split("/")[4]), b"x")]:
        try: print(change())
        except OSError as error: print(type(error).__name__)
      '; cat "$F"
      """)
    #expect(
      run.expectSuccess().output == "PermissionError\nPermissionError\nPermissionError\nradium 226\n\n", "\(run.error)")
  }

  @Test func setsTheNameOfTheFileOnly() throws {
    let line = "cat \"$A_FILE\" \"$B_FILE\"; echo \"[${A-unset}] [${B-unset}] $C ${C_FILE-unset}\""
    let given = ["--files", "A=lockwise://a.example/alice", "B=u:{{ lockwise://b.example/bob }}@h", "C=literal"]
    let run = try shell(given, line, with: ["A": "inherited"]).expectSuccess()
    #expect(run.output == "radium 226\n\nu:polonium@h[unset] [unset] literal unset\n")
    let inherited = try shell(
      ["--files", "--inherited"], "cat \"$A_FILE\"; echo \"${A-unset}\"", with: ["A": "lockwise://b.example"]
    ).expectSuccess()
    #expect(inherited.output == "poloniumunset\n")
  }

  @Test(arguments: [
    ["--file", reference, "F=1"], ["--files", "A=lockwise://a.example/alice", "A_FILE=x"],
    ["--file", reference, "--file", reference],
  ])
  func refusesToSetANameTwice(options: [String]) throws {
    try shell(options, "touch \(home.scratch.root)/started").expectRefusal(125, "is set twice", by: "lockwise-env")
    #expect(access(home.scratch.root + "/started", F_OK) != 0)
  }

  /// The path of a file replaces an inherited variable.
  @Test func replacesAnInheritedVariable() throws {
    let run = try home.env("run", "--file", Self.reference, "env", with: ["F": "inherited"]).expectSuccess()
    #expect(run.lines.filter { $0.hasPrefix("F=") }.count == 1)
    #expect(run.lines.contains { $0.hasPrefix("F=/proc/") })
  }

  @Test func givesASecretAsStandardInput() throws {
    let run = try home.env(
      "run", "--stdin", "lockwise://a.example/alice", "cat", input: .text("not this")
    ).expectSuccess()
    #expect(run.output == "radium 226\n\n")
    let short = try home.env("run", "--stdin", "a.example", "cat").expectSuccess()
    #expect(short.output == run.output)
    let closed = try home.shell("lockwise-env run --stdin a.example cat <&-").expectSuccess()
    #expect(closed.output == run.output)
  }

  @Test func givesALargeSecretToASlowReader() throws {
    let run = try shell(
      ["--stdin", "b.example/bob/notes"],
      "python3 -c 'import sys, time\nwhile True:\n  d = sys.stdin.buffer.raw.read(7001)\n  if not d: break\n"
        + "  sys.stdout.buffer.write(d); sys.stdout.flush(); time.sleep(0.002)'")
    #expect(run.expectSuccess().output == Self.large, "\(run.error)")
  }

  /// The command has the files, and nothing else has to be removed.
  @Test func leavesNoFileBehind() throws {
    let runtime = home.scratch.root + "/runtime"
    try FileManager.default.createDirectory(atPath: runtime, withIntermediateDirectories: false)
    func names() throws -> [String] {
      try ["/dev/shm", runtime, home.scratch.root, home.scratch.root + "/home", home.scratch.root].flatMap {
        try FileManager.default.contentsOfDirectory(atPath: $0).filter { !$0.hasPrefix("strace") }.sorted()
      }
    }
    let before = try names()
    for prefix in [[], try Self.refusing(in: home)] {
      let run = try Run.program(
        Executables.ofSystem("env"),
        prefix + [home.executable, "run", "--file", Self.reference, "--stdin", "b.example/bob/notes", "sh", "-c"]
          + ["cat \"$F\"; wc -c; kill -9 $$"],
        environment: home.environment.merging(["XDG_RUNTIME_DIR": runtime]) { $1 })
      #expect(run.output == "radium 226\n\n\(Self.large.utf8.count)\n", "\(run.error)")
    }
    #expect(try names() == before)
  }

  /// strace(1) that lets memfd_create(2) fail.
  private static func refusing(in home: EnvHome) throws -> [String] {
    [
      try Executables.ofSystem("strace"), "-f", "-o", home.scratch.root + "/../strace", "-e", "trace=memfd_create",
      "-e", "inject=memfd_create:error=ENOSYS",
    ]
  }

  /// Without memfd_create(2) it is a file without a name in another file system in memory.
  @Test(.enabled(if: access("/dev/shm", W_OK) == 0, "needs /dev/shm"))
  func usesAnotherFileSystemInMemory() throws {
    let run = try Run.program(
      Executables.ofSystem("env"),
      Self.refusing(in: home) + [
        home.executable, "run", "--file", Self.reference, "sh", "-c",
        "cat \"$F\" \"$F\"; stat -L -c '%a %F %h' \"$F\"; readlink \"$F\"",
      ],
      // A folder on a disk is not used.
      environment: home.environment.merging(["XDG_RUNTIME_DIR": "/var/tmp"]) { $1 })
    #expect(run.status == 0, "\(run.error)")
    #expect(run.output.hasPrefix("radium 226\n\nradium 226\n\n400 regular file 0\n"), "\(run.output)")
    #expect(run.lines.last?.hasPrefix("/dev/shm/") == true, "\(run.output)")
  }

  @Test(.enabled(if: geteuid() == 0, "needs root to become another user"))
  func givesFilesToAnOrdinaryUser() throws {
    let user = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    try Run.program("/bin/chown", ["-R", "65534:65534", home.scratch.root], environment: [:]).expectSuccess()
    let run = try Run.program(
      Executables.ofSystem("setpriv"),
      user + [home.executable, "run", "--file", Self.reference, "--stdin", "b.example", "sh", "-c"]
        + ["cat; cat \"$F\"; (printf x >>\"$F\") || bash -c 'cat \"$F\"; stat -L -c %a:%u \"$F\"'"],
      environment: home.environment)
    #expect(run.expectSuccess().output == "poloniumradium 226\n\nradium 226\n\n400:65534\n", "\(run.error)")
  }

  /// Few descriptors are free.
  @Test func worksWithALowLimitOfOpenFiles() throws {
    let run = try home.shell("ulimit -n 40; lockwise-env run --file \(Self.reference) sh -c 'cat \"$F\"'")
    #expect(run.expectSuccess().output == "radium 226\n\n", "\(run.error)")
  }
}
