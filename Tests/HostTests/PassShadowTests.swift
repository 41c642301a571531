import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// `pass shadow` with programs that read pass's folder.
@Suite final class PassShadowTests {
  private let home: PassHome
  private let runtime: String

  init() throws {
    home = try PassHome.withTwoLogins()
    runtime = home.scratch.root + "/run"
    #expect(mkdir(runtime, 0o700) == 0)
    home.environment["XDG_RUNTIME_DIR"] = runtime
  }

  private func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(try FileManager.default.contentsOfDirectory(atPath: runtime) == [], sourceLocation: sourceLocation)
  }

  @Test func theProgramSeesNamesAndRunsThisPass() throws {
    let run = try home.pass(
      "shadow", "--", "sh", "-c",
      "cd \"$PASSWORD_STORE_DIR\"; find . -type f -size 0 -name '*.gpg' | sort; pass show example.com/bob | head -n 1; pwd"
    )
    run.expectSuccess()
    #expect(run.lines.prefix(3) == ["./example.com/alice.gpg", "./example.com/bob.gpg", "second"])
    #expect(run.lines.last?.contains("/lockwise-shadow.") == true)
    try expectNothingLeft()
  }

  @Test func theStatusIsTheProgramsOwn() throws {
    for status in [Int32(0), 1, 3, 77, 130, 255] {
      #expect(try home.pass("shadow", "sh", "-c", "exit \(status)").status == status)
    }
    #expect(try home.pass("shadow", "sh", "-c", "kill -TERM $$").status == 143)
    let missing = try home.pass("shadow", "--", "lockwise-no-such-program")
    #expect(missing.status == 1)
    #expect(
      missing.error == "pass: error: cannot run lockwise-no-such-program: it is not an executable file in PATH\n")
    #expect(try home.pass("shadow").status == 64)
    #expect(try home.pass("shadow", "--").status == 64)
    try expectNothingLeft()
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT]) func aSignalLeavesNothing(number: Int32) throws {
    let mark = home.scratch.root + "/started"
    let run = try RunningProgram(
      home.bin + "/pass", ["shadow", "sh", "-c", "echo $$ >\(mark); exec sleep 1000"], environment: home.environment)
    #expect(Deadline(seconds: 30).await { access(mark, F_OK) == 0 })
    #expect(try FileManager.default.contentsOfDirectory(atPath: runtime).count == 1)
    run.signal(number)
    #expect(try run.finish(timeout: 30).ending == .killed(signal: number))
    try expectNothingLeft()
  }

  @Test func nothingIsMadeOutsideOfThePrivateFolder() throws {
    for place in ["", "relative", home.scratch.root + "/missing", "/tmp"] {
      let run = try home.pass("shadow", "true", with: ["XDG_RUNTIME_DIR": place])
      #expect(run.status == 1)
      #expect(run.error.hasPrefix("pass: error: cannot make the folder of names: "), "\(run.error)")
    }
    chmod(runtime, 0o755)
    #expect(try home.pass("shadow", "true").status == 1)
    chmod(runtime, 0o700)
    try expectNothingLeft()
  }

  @Test func aChangeThroughPassIsSeen() throws {
    let run = try home.pass(
      "shadow", "sh", "-c",
      """
      echo new | pass insert -e deep/er/new; pass rm -f example.com/alice >/dev/null
      cd "$PASSWORD_STORE_DIR"; echo kept >own.gpg; pass rm -f example.com/bob >/dev/null; find . | sort
      """)
    run.expectSuccess()
    #expect(run.lines == [".", "./deep", "./deep/er", "./deep/er/new.gpg", "./own.gpg"])
    try expectNothingLeft()
    // No other folder is changed.
    let store = runtime + "/other/store"
    try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
    #expect(FileManager.default.createFile(atPath: store + "/x.gpg", contents: Data()))
    try home.pass("rm", "-f", "deep/er/new", with: ["PASSWORD_STORE_DIR": store]).expectSuccess()
    #expect(access(store + "/x.gpg", F_OK) == 0)
  }

  @Test func passmenuFindsAndCopies() throws {
    let passmenu = "/usr/share/doc/pass/examples/dmenu/passmenu"
    try #require(access(passmenu, R_OK) == 0)
    let clip = home.scratch.root + "/clip"
    try home.scratch.write("#!/bin/sh\ncat >\(clip)\n", to: home.bin + "/my-clip")
    try home.scratch.write("#!/bin/sh\ngrep bob\n", to: home.bin + "/dmenu")
    try home.pass(
      "shadow", "bash", passmenu, with: ["DISPLAY": ":4711", "LOCKWISE_PASS_CLIP": "my-clip"]
    ).expectSuccess()
    #expect(try String(contentsOfFile: clip, encoding: .utf8) == "second")
    let typed = home.scratch.root + "/typed"
    try home.scratch.write("#!/bin/sh\necho \"$@\" >\(typed)\ncat >>\(typed)\n", to: home.bin + "/xdotool")
    try home.pass("shadow", "bash", passmenu, "--type", with: ["DISPLAY": ":4711"]).expectSuccess()
    #expect(try String(contentsOfFile: typed, encoding: .utf8) == "type --clearmodifiers --file -\nsecond")
    try expectNothingLeft()
  }
}
