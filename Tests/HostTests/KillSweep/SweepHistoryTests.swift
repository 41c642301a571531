import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// The judge of the sweeps: it reports a deletion that was undone, and no other.
@Suite struct SweepHistoryTests {
  private func login(_ password: String) throws -> LoginRecord {
    try LoginDraft(
      origin: "https://a.example", target: .realm("r"), username: "u", password: SecretBytes(utf8: password)
    ).record(guid: "g", now: 1)
  }

  @Test func reportsALoginThatIsBack() throws {
    var history = SweepHistory()
    let old = try login("old")
    history.setPassword("new", of: old, in: 0)
    history.delete(try login("new"), in: 0)
    #expect(history.observe([:], in: 0, keepsDeletions: true) == [])
    #expect(history.observe(["g": old], in: 0, keepsDeletions: true).count == 1)
    #expect(history.losses(in: ["g": ["password": "old"]], keepsDeletions: true).count == 1)
  }

  @Test func acceptsALoginWithAnUnseenChange() throws {
    var history = SweepHistory()
    let old = try login("old")
    history.delete(old, in: 1)
    history.setPassword("new", of: old, in: 0)
    #expect(history.observe(["g": try login("new")], in: 1, keepsDeletions: true) == [])
  }

  /// Vault 1's deletion lost against vault 0's change. Vault 0 then deletes the login too and has not uploaded that.
  @Test func acceptsALoginThatTheOtherVaultDeleted() throws {
    var history = SweepHistory()
    let old = try login("old")
    let new = try login("new")
    history.delete(old, in: 1)
    history.setPassword("new", of: old, in: 0)
    #expect(history.observe(["g": new], in: 1, keepsDeletions: true) == [])
    history.delete(new, in: 0)
    #expect(history.observe(["g": new], in: 1, keepsDeletions: true) == [])
    #expect(history.observe(["g": new], in: 0, keepsDeletions: true).count == 1)
  }
}
