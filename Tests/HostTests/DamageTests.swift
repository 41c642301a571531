import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseHostSupport

/// A vault file that was cut or changed. Every program reports it, answers correctly or not at all, and changes
/// nothing.
@Suite final class DamageTests {
  private static let sync = "lockwise-sync"
  private static let helper = "git-credential-lockwise"
  private static let passphrase = "polonium"

  let stage: TestHome

  init() throws { stage = try TestHome() }

  @Test func survivesAFileOfAnyLength() throws {
    try stage.signInAndPull()
    let files = try stage.scratch.readVault()
    let whole = try #require(files["vault.db"])
    #expect(whole.count > 40_000)
    for length in stride(from: 0, to: whole.count, by: 512) {
      let isRight = try survey(files, whole.prefix(length), "cut to \(length) of \(whole.count)")
      #expect(!isRight || length > whole.count / 2, "nothing was noticed of a cut to \(length)")
    }
    try stage.scratch.restoreVault(files)
    #expect(try answer() == true)
  }

  @Test func survivesAFlippedBit() throws {
    try stage.signInAndPull()
    let files = try stage.scratch.readVault()
    let whole = try #require(files["vault.db"])
    try flip(200, in: whole) { _ = try survey(files, $0, $1) }
    // Most bits belong to other logins than the requested one. The first bit does not.
    var changed = whole
    changed[0] ^= 1
    #expect(try !survey(files, changed, "the first bit flipped"))
  }

  /// A log with a whole pull that is not in the file yet. Writes after a damage in it are lost.
  @Test func survivesADamagedLog() throws {
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    let reader = try VaultFile(in: VaultDirectory(path: stage.scratch.vault), access: .reading)
    // A reader prevents a checkpoint of the log.
    var files = try reader.reading {
      _ = try reader.slots()
      try stage.sync("pull").expectSuccess()
      return try stage.scratch.readVault()
    }
    files["vault.db-shm"] = nil
    let log = try #require(files["vault.db-wal"])
    #expect(log.count > 40_000)
    var before = 0
    func survey(_ changed: Data, _ place: String) throws {
      files["vault.db-wal"] = changed
      try stage.scratch.restoreVault(files)
      let isRight = try answer(place, mayBeMissing: true)
      let count = try stage.status()["logins"] as? Int
      #expect(count == (isRight ? 46 : 0), "\(place)")
      if !isRight { before += 1 }
    }
    for length in stride(from: 0, to: log.count, by: 512) { try survey(log.prefix(length), "log cut to \(length)") }
    try flip(60, in: log) { try survey($0, "log, \($1)") }
    #expect(before > 0)
    try stage.sync("pull").expectSuccess()
    #expect(try answer() == true)
  }

  @Test func reportsDamageOfALockedVault() throws {
    try stage.signInAndPull(passphrase: Self.passphrase)
    try stage.sync("lock").expectSuccess()
    let files = try stage.scratch.readVault()
    let whole = try #require(files["vault.db"])
    for length in stride(from: 0, to: whole.count, by: 512) {
      try surveyLocked(files, whole.prefix(length), "cut to \(length) of \(whole.count)")
    }
    try flip(60, in: whole) { changed, place in try surveyLocked(files, changed, place) }
  }

  @Test(arguments: ["", "not a vault", "SQLite format 3\0", String(repeating: "\u{0}", count: 8192)])
  func refusesAnotherFile(content: String) throws {
    try stage.signInAndPull()
    let files = try stage.scratch.readVault()
    #expect(try survey(files, Data(content.utf8), "\(content.prefix(20))") == false)
    for command in ["unlock", "lock", "logout"] {
      try stage.sync(command).expectRefusal(7, "the vault is damaged", "hint: delete it (lockwise-sync logout --force)")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: stage.scratch.vaultFile)) == Data(content.utf8))
    try stage.sync("logout", "--force").expectSuccess()
    #expect(stage.scratch.vaultFiles.isEmpty)
  }

  // MARK: Surveys

  /// Flips random bits one at a time.
  private func flip(_ count: Int, in whole: Data, _ body: (Data, String) throws -> Void) throws {
    let seed = TestSeed.seed(for: "flipped bits")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<count {
      let bit = Int.random(in: 0..<whole.count * 8, using: &generator)
      var changed = whole
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      try body(changed, "bit \(bit) flipped, seed \(seed)")
    }
  }

  /// Runs each program with a damaged file.
  ///
  /// - Returns: whether the helper's answer was correct.
  private func survey(_ files: [String: Data], _ damaged: Data, _ place: String) throws -> Bool {
    try restore(files, damaged)
    let isRight = try answer(place)
    let status = try stage.sync("status", "--offline", "--json")
    check(status, place)
    if status.status == 0 { #expect(status.output.contains("\"logins\":46"), "\(place): \(status.output)") }
    #expect(try fileContent() == damaged, "\(place): the helper or status changed the file")
    let pull = try stage.sync("pull")
    check(pull, place)
    if pull.status == 0 {
      // Rows that it did not read may still be damaged, and the helper refuses them. It never returns a wrong answer.
      _ = try answer("\(place), after a pull")
    } else {
      #expect(try fileContent() == damaged, "\(place): a pull that failed changed the file")
    }
    return isRight
  }

  private func surveyLocked(_ files: [String: Data], _ damaged: Data, _ place: String) throws {
    try restore(files, damaged)
    let get = try stage.get("protocol=https\nhost=github.com\n")
    #expect(get.ending == .exited(0) && get.outputBytes.isEmpty, "\(place): \(get.ending) \(get.output)")
    get.expectWellFormedErrors(by: Self.helper)
    // The damage of a locked vault may not be visible.
    #expect(get.error.isEmpty || get.error.contains("vault"), "\(place): \(get.error)")
    let status = try stage.sync("status")
    if status.status != 0 {
      check(status, place)
    } else {
      #expect(status.output.contains("locked:     yes"), "\(place): \(status.output)")
    }
    #expect(try fileContent() == damaged, "\(place): the file was changed")
  }

  private func restore(_ files: [String: Data], _ damaged: Data) throws {
    var changed = files
    changed["vault.db"] = damaged
    for name in ["vault.db-wal", "vault.db-shm"] { changed[name] = nil }
    try stage.scratch.restoreVault(changed)
  }

  private func fileContent() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: stage.scratch.vaultFile)) }

  /// Asks the helper, which must answer correctly or not at all.
  private func answer(_ place: String = "", mayBeMissing: Bool = false) throws -> Bool {
    let run = try stage.get("protocol=https\nhost=github.com\n")
    #expect(run.ending == .exited(0), "\(place): \(run.ending)")
    run.expectWellFormedErrors(by: Self.helper)
    if run.output == "username=mcurie\npassword=ghp_webAndGit0123456789\n" {
      #expect(run.error.isEmpty, "\(place): \(run.error)")
      return true
    }
    #expect(run.outputBytes.isEmpty, "\(place): a wrong answer: \(run.output)")
    #expect(isRight(run.error) || (mayBeMissing && run.error.isEmpty), "\(place): \(run.error)")
    return false
  }

  private func check(_ run: Run, _ place: String) {
    run.expectWellFormedErrors(by: Self.sync)
    guard run.status != 0 else { return }
    #expect(run.ending == .exited(7), "\(place): \(run.ending), \(run.error)")
    #expect(run.outputBytes.isEmpty, "\(place): \(run.output)")
    #expect(isRight(run.error), "\(place): \(run.error)")
  }

  /// The texts for damage. A flipped bit in the format number is reported as a later format.
  private func isRight(_ error: String) -> Bool {
    ["error: the vault is damaged (", "error: the vault has format ", "error: the vault cannot be written"]
      .contains { error.contains($0) }
  }
}
