import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Changing the passphrase, and listing, adding and removing slots.
@Suite final class SlotsTests {
  private static let passphrase = "polonium 50"
  private static let request = "protocol=https\nhost=github.com\n"

  let stage: TestHome

  init() throws { stage = try TestHome() }

  /// Types the present passphrase and then the new one, twice.
  private func change(to new: String, from old: String = passphrase, command: String...) throws
    -> PseudoTerminal.Outcome
  {
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), command, environment: stage.scratch.environment)
    try terminal.expect("Enter passphrase for key 'lockwise vault (lockwise-sync ")
    terminal.enter(old)
    try terminal.expect("New passphrase for the vault: ")
    terminal.enter(new)
    try terminal.expect("The same passphrase again: ")
    terminal.enter(new)
    return try terminal.finish()
  }

  private func opens(with passphrase: String) throws -> Bool {
    try stage.sync("lock").expectSuccess()
    let pinentry = try PinentryScript(stage.scratch)
    try pinentry.answer(passphrase)
    defer {
      stage.scratch.environment["LOCKWISE_PINENTRY"] = ""
      stage.scratch.environment["DISPLAY"] = nil
    }
    return try stage.get(Self.request).password == "ghp_webAndGit0123456789"
  }

  /// The previous wrapped key is neither in the file nor in its log.
  @Test func theOldWrappedKeyIsNotLeftInTheFiles() throws {
    try stage.signInAndPull(passphrase: Self.passphrase)
    let before = try slotText()
    #expect(try stage.scratch.readVault().values.contains { $0.range(of: before) != nil })
    #expect(try change(to: "actinium 89", command: "passphrase").status == 0)
    for (name, content) in try stage.scratch.readVault() {
      #expect(content.range(of: before) == nil, "\(name)")
    }
  }

  /// Returns the text of the first slot in the file, from its salt on.
  private func slotText() throws -> Data {
    let content = try Data(contentsOf: URL(fileURLWithPath: stage.scratch.vaultFile))
    let start = try #require(content.range(of: Data(#""salt":""#.utf8)))
    return content[start.upperBound..<start.upperBound + 64]
  }

  /// The key of the session is not enough, and a wrong passphrase changes nothing.
  @Test(.needsKeyring, arguments: [["passphrase"], ["slots", "add", "--passphrase"], ["slots", "remove", "0"]])
  func requiresTheOldPassphrase(arguments: [String]) throws {
    try stage.signInAndPull(passphrase: Self.passphrase)
    #expect(try stage.status()["locked"] as? Bool == false)
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), arguments, environment: stage.scratch.environment)
    for _ in 0..<3 {
      try terminal.expect("Enter passphrase for key '")
      terminal.enter("radium 88")
    }
    #expect(try terminal.finish().status == 3)
    #expect(try stage.sync("slots").output == "0  passphrase\n")
    #expect(try opens(with: Self.passphrase))
  }

  @Test func theUnlockCommandIsInTheConfigurationAndShown() throws {
    let command = "printf 'radium 88\\nsecond line'"
    try stage.login("--passphrase-command", command).expectSuccess()
    let file = stage.scratch.environment["HOME", default: ""] + "/.config/lockwise/config"
    let configuration = { try String(contentsOfFile: file, encoding: .utf8) }
    #expect(try configuration() == "unlock-command = \(command)\n")
    #expect(try !stage.scratch.readVault().values.contains { $0.range(of: Data(command.utf8)) != nil })
    #expect(try stage.sync("status").output.contains("unlocks by: command \(command)\n"))
    #expect(try stage.status()["unlockCommand"] as? String == command)
    #expect(try stage.sync("doctor", "--offline").output.contains("ok    slot: command \(command)\n"))
    #expect(try stage.sync("slots").output == "0  command \(command)\n")
    // No other command is run.
    try stage.scratch.write("unlock-command = printf 'radium 88'\n", to: file)
    try stage.sync("lock").expectSuccess()
    try stage.sync("pull").expectRefusal(7, "the configured unlock-command is not the one that opens the vault")
    #expect(try stage.sync("slots").output == "0  command (not the configured unlock-command)\n")
    #expect(try stage.sync("doctor", "--offline").output.contains("fail  slot: "))
  }

  @Test func doesNotReplaceAnotherVaultsUnlockCommand() throws {
    let folder = stage.scratch.environment["HOME", default: ""] + "/.config/lockwise"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try stage.scratch.write("unlock-command = echo other\n", to: folder + "/config")
    try stage.login("--passphrase-command", "echo 'radium 88'").expectRefusal(
      1, "cannot write unlock-command", "hint: ")
    #expect(!stage.scratch.hasVault)
    #expect(try stage.sandbox.requests().isEmpty, "refused after the sign-in")
  }

  @Test func renewsASignInWithTheVaultsKeyFile() throws {
    try stage.signInAndPull()
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    #expect(try stage.sandbox.tokensLeft().refreshTokens == 1)
    try stage.sync("pull").expectSuccess()
    let requests = try stage.sandbox.requests().count
    let other = stage.scratch.root + "/other"
    try stage.login("--key-file", other).expectRefusal(1, "has no slot for this --key-file", "lockwise-sync slots add")
    #expect(access(other, F_OK) != 0, "a key file was made that opens nothing")
    #expect(try stage.sandbox.requests().count == requests)
  }
}
