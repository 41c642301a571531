import Foundation
import Testing

@testable import LockwiseHostSupport

/// git with a vault whose keys cannot be kept between `get` and `store`, as in a container without a keyring.
@Suite struct UnkeptKeyTests {
  private static let passphrase = "polonium"

  private let stage: GitTestHome
  private let pinentry: PinentryScript
  private var url: String { stage.server.url + "/one.git" }

  init() throws {
    stage = try GitTestHome()
    try stage.makeRepository("one.git")
    try stage.stage.signInAndPull(passphrase: Self.passphrase)
    stage.scratch.environment["LOCKWISE_UNLOCK_TIME"] = "0"
    pinentry = try PinentryScript(stage.scratch)
    try pinentry.answer(Self.passphrase)
    try stage.stage.sync("lock").expectSuccess()
  }

  /// Returns the purposes in pinentry's prompts, in order.
  private func takePurposes() -> [String] {
    pinentry.takeLog().compactMap { line in
      line.wholeMatch(of: /SETDESC (.*)\. Passphrase of the vault:/).map { String($0.1) }
    }
  }

  private func savedPassword() throws -> String? {
    defer { _ = pinentry.takeLog() }
    return try stage.helper("get", "protocol=http\nhost=127.0.0.1:\(stage.server.port)\n").password
  }

  @Test func asksOnceForAPasswordFromTheVault() throws {
    try stage.saveInFirefox("firefox00001", username: "marie", password: "radium")
    try stage.stage.sync("pull").expectSuccess()
    _ = pinentry.takeLog()
    try stage.server.accept(["marie": "radium"])
    let run = try stage.run("ls-remote", url).expectSuccess()
    #expect(run.error.isEmpty, "\(run.error)")
    #expect(takePurposes() == ["git asks for \(stage.server.url)"])
  }

  @Test func asksAgainToSaveANewPassword() throws {
    try stage.server.accept(["marie": "radium"])
    stage.person["Username"] = "marie"
    stage.person["Password"] = "radium"
    let run = try stage.run("ls-remote", url).expectSuccess()
    #expect(run.error.isEmpty, "\(run.error)")
    #expect(takePurposes() == ["git asks for \(stage.server.url)", "git saves a password for \(stage.server.url)"])
    #expect(try savedPassword() == "radium")
  }

  @Test func reportsAPasswordThatIsNotSaved() throws {
    try stage.server.accept(["marie": "radium"])
    stage.person["Username"] = "marie"
    stage.person["Password"] = "radium"
    // Answers the first question and cancels the second.
    try stage.scratch.write(
      """
      #!/bin/sh
      echo OK
      while read -r line; do
        case $line in
          GETPIN) if mkdir \(stage.scratch.root)/once 2>/dev/null; then echo 'D \(Self.passphrase)'; echo OK
            else echo ERR 83886179; fi ;;
          *) echo OK ;;
        esac
      done
      """, to: stage.scratch.root + "/pinentry")
    let run = try stage.run("ls-remote", url).expectSuccess()
    #expect(
      run.error == "git-credential-lockwise: error: cannot save the password for \(stage.server.url): cancelled\n")
  }

  @Test func asksAgainToRecordARefusal() throws {
    try stage.saveInFirefox("firefox00001", username: "marie", password: "outdated")
    try stage.stage.sync("pull").expectSuccess()
    _ = pinentry.takeLog()
    try stage.server.accept(["marie": "radium"])
    let run = try stage.run("ls-remote", url)
    #expect(run.status == 128)
    #expect(takePurposes() == ["git asks for \(stage.server.url)", "\(stage.server.url) refused a password of git"])
    #expect(try savedPassword() == nil, "the refused password is offered again")
  }

  /// A credential of another helper that `get` did not request causes no prompt, but one line.
  @Test func reportsAStoreWithoutAGet() throws {
    let request = "protocol=http\nhost=127.0.0.1:\(stage.server.port)\nusername=marie\npassword=radium\n"
    let run = try stage.helper("store", request).expectSuccess()
    #expect(pinentry.takeQuestions() == 0)
    #expect(run.errorLines.count == 1)
    #expect(
      run.error.contains("cannot save the password for \(stage.server.url): the vault is locked, "), "\(run.error)")
    // There was nothing to save.
    let silent = try stage.helper("store", request, with: ["LOCKWISE_STORE": "false"]).expectSuccess()
    #expect(silent.error.isEmpty, "\(silent.error)")
  }
}
