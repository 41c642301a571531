import Foundation
import Testing

@testable import LockwiseHostSupport

/// Other helpers of git before and after this one.
@Suite struct GitChainTests {
  /// Lists the repository.
  private func list(_ stage: GitTestHome, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
    let run = try stage.run("ls-remote", "--quiet", stage.server.url + "/one.git")
    run.expectSuccess(sourceLocation: sourceLocation)
    #expect(run.error.isEmpty, "\(run.error)", sourceLocation: sourceLocation)
    #expect(stage.takeQuestions() == [], sourceLocation: sourceLocation)
    return try stage.server.takeCredentials()
  }

  private func makeStage(_ git: Git) throws -> GitTestHome {
    let stage = try GitTestHome(git)
    try stage.makeRepository("one.git")
    try stage.server.accept(["marie": "radium", "pierre": "quartz"])
    return stage
  }

  private func helper(_ stage: GitTestHome, _ name: String) -> String {
    name == "store" ? "helper = store --file=\(stage.scratch.root)/plain" : "helper = \(name)"
  }

  private func plainText(_ stage: GitTestHome) -> String {
    (try? String(contentsOfFile: stage.scratch.root + "/plain", encoding: .utf8)) ?? ""
  }

  @Test(arguments: Git.all) func savesThePasswordOfStore(git: Git) throws {
    let stage = try makeStage(git)
    try stage.scratch.write("http://marie:radium@127.0.0.1%3a\(stage.server.port)\n", to: stage.scratch.root + "/plain")
    try stage.stage.signInAndPull()
    stage.settings = [helper(stage, "store"), "helper = lockwise"]
    #expect(try list(stage) == ["marie:radium"])
    try stage.awaitStored { $0.values.map { $0["password"] as? String } == ["radium"] }
    stage.settings = ["helper = lockwise"]
    #expect(try list(stage) == ["marie:radium"])
  }

  /// The caveat of the manual page: git sends a working password to every helper.
  @Test(arguments: Git.all) func answersBeforeStoreWhichWritesPlainText(git: Git) throws {
    let stage = try makeStage(git)
    try stage.saveInFirefox("firefox00001", username: "marie", password: "radium")
    try stage.stage.signInAndPull()
    try stage.scratch.write(
      "http://pierre:quartz@127.0.0.1%3a\(stage.server.port)\n", to: stage.scratch.root + "/plain")
    stage.settings = ["helper = lockwise", helper(stage, "store")]
    #expect(try list(stage) == ["marie:radium"])
    #expect(plainText(stage).contains("marie:radium@"))
    // As the only helper, as the manual page describes.
    try stage.scratch.write("", to: stage.scratch.root + "/plain")
    stage.settings = [helper(stage, "store"), "helper =", "helper = lockwise"]
    #expect(try list(stage) == ["marie:radium"])
    #expect(plainText(stage) == "")
  }

  @Test(arguments: Git.all, ["before", "behind"]) func leavesALockedVaultToCache(git: Git, place: String) throws {
    let stage = try makeStage(git)
    try stage.saveInFirefox("firefox00001", username: "marie", password: "radium")
    try stage.stage.signInAndPull()
    let cache = "helper = cache --timeout=120 --socket=\(stage.scratch.root)/cache/socket"
    try FileManager.default.createDirectory(
      atPath: stage.scratch.root + "/cache", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    stage.settings = place == "before" ? [cache, "helper = lockwise"] : ["helper = lockwise", cache]
    defer { _ = try? stage.run("credential-cache", "--socket=\(stage.scratch.root)/cache/socket", "exit") }
    #expect(try list(stage) == ["marie:radium"])
    let vault = try stage.scratch.readVault()["vault.db-wal"]
    #expect(rename(stage.scratch.keyFile, stage.scratch.keyFile + "-away") == 0)
    try stage.stage.sync("lock").expectSuccess()
    // The report about a locked vault is allowed.
    try stage.run("ls-remote", "--quiet", stage.server.url + "/one.git").expectSuccess()
    #expect(stage.takeQuestions() == [])
    #expect(try stage.server.takeCredentials() == ["marie:radium"])
    #expect(try stage.scratch.readVault()["vault.db-wal"] == vault)
    #expect(rename(stage.scratch.keyFile + "-away", stage.scratch.keyFile) == 0)
    // git erases a refused password in every helper.
    try stage.server.accept(["marie": "new"])
    #expect(try stage.run("ls-remote", stage.server.url + "/one.git").error.contains("Authentication failed"))
    let cached = try stage.run(
      ["credential-cache", "--socket=\(stage.scratch.root)/cache/socket", "get"],
      input: .text("protocol=http\nhost=127.0.0.1:\(stage.server.port)\n\n"))
    #expect(cached.output == "", "\(cached.output)")
    #expect(try stage.storedHere()["firefox00001"]?["password"] as? String == "radium")
  }

  @Test(arguments: Git.all) func keepsTheUserNameOfAnotherHelper(git: Git) throws {
    let stage = try makeStage(git)
    try stage.saveInFirefox("firefox00001", username: "marie", password: "radium", age: 10)
    try stage.saveInFirefox("firefox00002", username: "pierre", password: "quartz", age: 1000)
    try stage.stage.signInAndPull()
    #expect(try list(stage) == ["marie:radium"])
    stage.settings = ["helper = \"!f() { test $1 != get || echo username=pierre; }; f\"", "helper = lockwise"]
    #expect(try list(stage) == ["pierre:quartz"])
  }
}
