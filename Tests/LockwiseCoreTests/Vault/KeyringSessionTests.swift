import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// The lifetime of unlocked keys in the kernel keyring.
@Suite(.needsKeyring)
final class KeyringSessionTests {
  private let test: TestVault
  /// A vault that exists for the whole test.
  private final class Clock {
    var now: Seconds = 1_000_000
  }

  private let clock = Clock()

  init() throws { test = try TestVault(logins: 1) }

  deinit { session().clear() }

  private func session(idle: Seconds = 600, longest: Seconds = 28_800) -> KeyringSession {
    KeyringSession(
      vaultID: test.vault.file.id, limits: SessionLimits(idle: idle, longest: longest), now: { [clock] in clock.now })
  }

  private func key() throws -> SessionKey? {
    let id = Hex.encode(test.vault.file.id)
    return try SessionKey.find { $0 == id }
  }

  private func seconds() throws -> Int {
    let key = try #require(try key())
    return try #require(key.seconds)
  }

  @Test func unlockedKeysExpireAndHaveExactlyTheirPermissions() throws {
    try session().save(test.vault)
    let key = try #require(try key())
    #expect(key.permissions == "3f2f0000")
    let seconds = try #require(key.seconds)
    #expect((540...600).contains(seconds))
  }

  @Test func savedKeysOpenTheVaultUntilTheyAreCleared() throws {
    let session = session()
    try session.save(test.vault)
    let file = try VaultFile(in: test.directory, access: .reading)
    let keys = try #require(session.load(renewing: false))
    #expect(try file.unlock(with: keys).loginCount() == 1)
    #expect(KeyringSession(vaultID: [UInt8](repeating: 7, count: 16)).load(renewing: false) == nil)
    session.clear()
    #expect(session.load(renewing: false) == nil && !session.isOpen)
    #expect(try key() == nil)
  }

  /// Locking returns all that the key took of the user's quota (keyrings(7), /proc/key-users).
  @Test func lockingUsesUpNoQuota() throws {
    func usedBytes() throws -> Int {
      let table = try String(contentsOfFile: "/proc/key-users", encoding: .utf8)
      let row = try #require(
        table.split(separator: "\n").first { $0.wholeMatch(of: /\ *(\d+):.*/)?.1 == "\(getuid())" })
      return try #require(Int(row.split(separator: " ").last?.split(separator: "/").first ?? ""))
    }
    let session = session()
    let before = try usedBytes()
    for _ in 0..<1000 {
      try session.save(test.vault)
      session.clear()
      // The kernel frees keys a little later.
      usleep(1000)
    }
    // Four bytes each time would be 4000. Other tests have keys, too.
    for _ in 0..<100 where try usedBytes() - before > 2000 { usleep(50_000) }
    #expect(try usedBytes() - before < 2000)
  }

  @Test(arguments: [(0, 28_800), (600, 0), (0, 0)] as [(Seconds, Seconds)])
  func aLimitOfZeroKeepsNothing(idle: Seconds, longest: Seconds) throws {
    try session(idle: idle, longest: longest).save(test.vault)
    #expect(try key() == nil)
  }

  @Test func unusedKeysExpireAfterTheIdleTime() throws {
    try session(idle: 5).save(test.vault)
    #expect(session().isOpen)
    usleep(2_700_000)
    // Neither a check of the state nor a background run is a use.
    #expect(session(idle: 5).isOpen)
    #expect(session(idle: 5).load(renewing: false) != nil)
    usleep(2_700_000)
    #expect(!session(idle: 5).isOpen)
    #expect(try key() == nil)
  }

  @Test func useByAPersonRenewsTheIdleTime() throws {
    try session(idle: 5).save(test.vault)
    for _ in 0..<3 {
      usleep(2_000_000)
      #expect(session(idle: 5).load(renewing: true) != nil)
    }
    #expect(try seconds() >= 2)
  }

  @Test func useNeverExtendsTheLongestTime() throws {
    try session(idle: 60, longest: 100).save(test.vault)
    clock.now += 90
    #expect(session(idle: 60, longest: 100).load(renewing: true) != nil)
    #expect(try seconds() <= 10)
    clock.now += 10
    #expect(session(idle: 60, longest: 100).load(renewing: true) == nil)
    #expect(try key() == nil, "the kernel still holds the key")
  }

  @Test func otherSettingsCannotExtendTheTime() throws {
    try session(idle: 50, longest: 100).save(test.vault)
    let other = session(idle: 100_000, longest: 1_000_000)
    #expect(other.load(renewing: true) != nil)
    #expect(try seconds() <= 50)
    clock.now += 100
    #expect(other.load(renewing: true) == nil)
    #expect(try key() == nil)
  }

  @Test func stricterLimitsApplyOnlyToTheirProgram() throws {
    try session(idle: 60, longest: 100).save(test.vault)
    clock.now += 50
    #expect(session(idle: 60, longest: 50).load(renewing: true) == nil)
    #expect(session(idle: 60, longest: 100).load(renewing: false) != nil)
  }

  @Test func aStartInTheFutureIsInvalid() throws {
    try session().save(test.vault)
    clock.now -= 1
    #expect(session().load(renewing: false) == nil)
    #expect(try key() == nil)
  }

  @Test func savingReplacesTheEarlierKey() throws {
    try session(idle: 60, longest: 100).save(test.vault)
    clock.now += 90
    try session(idle: 60, longest: 100).save(test.vault)
    clock.now += 90
    #expect(session(idle: 60, longest: 100).isOpen)
  }

  @Test func theProbeLeavesNothing() throws {
    try KeyringSession.probe()
    // The kernel lists an invalidated key, marked by an "i" among its flags, until it is collected (keyrings(7)). Another
    // test of this process may be probing at the same moment.
    var left: [Substring] = []
    for _ in 0..<100 {
      left = try String(contentsOfFile: "/proc/keys", encoding: .utf8).split(separator: "\n").filter {
        $0.contains("lockwise-probe:\(getpid())") && $0.split(separator: " ").dropFirst().first?.contains("i") == false
      }
      if left.isEmpty { break }
      usleep(20_000)
    }
    #expect(left.isEmpty, "\(left)")
  }
}

/// The content of a session's key and the texts for its errors.
@Suite struct SessionRecordTests {
  private let keys = SecretBytes(copying: (0..<VaultKeys.sessionByteCount).map { UInt8($0 & 0xFF) })

  @Test func aSessionRecordIsReadBack() throws {
    let record = SessionRecord(start: 1234, limits: SessionLimits(idle: 5, longest: 6), keys: keys)
    let read = try #require(SessionRecord(encoded: record.encoded))
    #expect(read.start == 1234 && read.limits == record.limits && read.keys == keys)
    #expect(SessionRecord(encoded: keys) == nil)
    #expect(SessionRecord(encoded: record.encoded[1..<SessionRecord.byteCount]) == nil)
  }

  /// Start, idle time, longest time, the reader's own idle and longest times, the present time, and the seconds left.
  @Test(
    arguments: [
      (100, 60, 1000, 60, 1000, 100, 60), (100, 60, 1000, 60, 1000, 1050, 50), (100, 60, 1000, 60, 1000, 1100, 0),
      (100, 60, 1000, 10, 1000, 100, 10), (100, 60, 1000, 60, 20, 110, 10), (100, 60, 1000, 600, 9000, 100, 60),
      (100, 60, 1000, 60, 1000, 99, 0), (100, 60, 1000, 60, 1000, 5000, 0),
    ] as [(Seconds, Seconds, Seconds, Seconds, Seconds, Seconds, Seconds)])
  func theStricterLimitApplies(
    start: Seconds, idle: Seconds, longest: Seconds, ownIdle: Seconds, ownLongest: Seconds, now: Seconds, left: Seconds
  ) {
    let record = SessionRecord(start: start, limits: SessionLimits(idle: idle, longest: longest), keys: keys)
    #expect(record.timeout(now: now, limits: SessionLimits(idle: ownIdle, longest: ownLongest)) == left)
  }

  @Test func eachFailureOfTheKeyringHasItsOwnWords() {
    let numbers = [ENOSYS, EPERM, EACCES, EDQUOT, EKEYREVOKED, ENOKEY, EIO, ENOMEM]
    #expect(Set(numbers.map { KeyringError(errno: $0).reason }).count == numbers.count)
    #expect(KeyringError(errno: EKEYEXPIRED) == .revoked)
  }
}
