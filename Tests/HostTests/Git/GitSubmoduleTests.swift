import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// A git command that calls its helper several times.
@Suite struct GitSubmoduleTests {
  /// A test home with `super.git`, which has `one.git`, `two.git` and `three.git` as submodules.
  private func makeStage(_ git: Git) throws -> GitTestHome {
    let stage = try GitTestHome(git)
    try stage.server.accept(["marie": "radium"])
    try stage.saveInFirefox("firefox00001", username: "marie", password: "radium")
    var modules = ""
    for name in ["one", "two", "three"] {
      try stage.makeRepository(name + ".git")
      modules += "[submodule \"\(name)\"]\n\tpath = \(name)\n\turl = ../\(name).git\n"
    }
    try stage.makeRepository("super.git", files: [".gitmodules": modules])
    let work = stage.scratch.root + "/seed-super"
    let bare = stage.server.root + "/super.git"
    try stage.run("clone", "--quiet", bare, work).expectSuccess()
    for name in ["one", "two", "three"] {
      let head = try stage.run("rev-parse", "main", in: stage.server.root + "/\(name).git").lines.first ?? ""
      try stage.run("update-index", "--add", "--cacheinfo", "160000,\(head),\(name)", in: work).expectSuccess()
    }
    try stage.run("commit", "--quiet", "-m", "submodules", in: work).expectSuccess()
    try stage.run("push", "--quiet", in: work).expectSuccess()
    return stage
  }

  @Test(arguments: Git.all) func clonesSubmodulesWithoutAPrompt(git: Git) throws {
    let stage = try makeStage(git)
    try stage.stage.signInAndPull()
    let work = stage.scratch.root + "/work"
    let run = try stage.run("clone", "--quiet", "--recurse-submodules", stage.server.url + "/super.git", work)
    run.expectSuccess()
    #expect(run.error.isEmpty, "\(run.error)")
    for name in ["one", "two", "three"] { #expect(access("\(work)/\(name)/a", R_OK) == 0, "\(name) is not there") }
    #expect(stage.takeQuestions() == [])
    let paths = try stage.server.takeRequests().filter { $0.status == 401 }.map(\.path)
    #expect(paths.count == 4, "\(paths)")
    try stage.run("fetch", "--quiet", "--recurse-submodules", "--jobs=3", in: work).expectSuccess()
    #expect(stage.takeQuestions() == [])
    #expect(try stage.server.takeCredentials() == ["marie:radium"])
  }

  /// A locked vault asks for the passphrase once, however often git calls.
  @Test(.needsKeyring, arguments: Git.all) func asksForThePassphraseOnce(git: Git) throws {
    let stage = try makeStage(git)
    try stage.stage.signInAndPull(passphrase: "polonium")
    try stage.stage.sync("lock").expectSuccess()
    try stage.prepare()
    var environment = stage.environment()
    environment["GIT_ASKPASS"] = nil
    let work = stage.scratch.root + "/work"
    let terminal = try PseudoTerminal(
      git.path, ["clone", "--quiet", "--recurse-submodules", stage.server.url + "/super.git", work],
      environment: environment)
    try terminal.expect("Enter passphrase for key '")
    terminal.enter("polonium")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0, "\(outcome.shown)")
    #expect(outcome.shown.components(separatedBy: "Enter passphrase for key '").count == 2, "\(outcome.shown)")
    #expect(!outcome.shown.contains("polonium") && outcome.isRestored)
    for name in ["one", "two", "three"] { #expect(access("\(work)/\(name)/a", R_OK) == 0, "\(name) is not there") }
  }

  /// A user who cancels is not asked again for each submodule.
  @Test(.needsKeyring, arguments: Git.all) func asksOnceIfTheUserCancels(git: Git) throws {
    let stage = try makeStage(git)
    try stage.stage.signInAndPull(passphrase: "polonium")
    let work = stage.scratch.root + "/work"
    try stage.run("clone", "--quiet", "--recurse-submodules", stage.server.url + "/super.git", work).expectSuccess()
    try stage.stage.sync("lock").expectSuccess()
    let log = stage.scratch.root + "/pinentry-log"
    try stage.scratch.write(
      """
      #!/bin/sh
      echo OK
      while read -r line; do
        case $line in
          GETPIN) echo asked >>\(log); echo 'ERR 83886179 Operation cancelled' ;;
          *) echo OK ;;
        esac
      done
      """, to: stage.scratch.root + "/pinentry")
    stage.scratch.environment["GIT_ASKPASS"] = nil
    let variables = ["DISPLAY": ":4711", "LOCKWISE_PINENTRY": stage.scratch.root + "/pinentry"]
    _ = try stage.server.takeRequests()
    for arguments in [
      ["submodule", "foreach", "--quiet", "git fetch --quiet || true"],
      ["fetch", "--quiet", "--recurse-submodules", "--jobs=1"], ["submodule", "update", "--quiet", "--remote"],
    ] {
      let run = try stage.run(arguments, in: work, with: variables)
      let asked = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      #expect(asked == "asked\n", "\(arguments): \(asked) \(run.error)")
      unlink(log)
    }
    #expect(try stage.server.takeCredentials() == [])
  }
}
