import Glibc
import Testing

@testable import LockwiseAskpass

/// The readers of `/proc`.
@Suite struct ProcReaderTests {
  @Test(
    arguments: [
      ("Name:\tsudo\nUid:\t1003\t0\t0\t0\n", 0), ("Uid:\t1\t2\t3\t4", 2),
      ("Name:\tx\nUid:\t0\t4294967295\t0\t0\n", 4_294_967_295),
      ("", nil), ("Uid:\t1\t2\t3\n", nil), ("Uid:\t1\t2\t3\t4\t5\n", nil), ("Uid: 1 2 3 4\n", nil),
      ("Uid:\t1\t-2\t3\t4\n", nil),
      ("Uid:\t1\t4294967296\t3\t4\n", nil), ("Uid:\t1\t\t3\t4\n", nil), ("Gid:\t1\t0\t0\t0\n", nil),
      ("xUid:\t1\t0\t0\t0\n", nil),
    ] as [(String, UInt32?)])
  func effectiveUserIsTheSecond(text: String, expected: UInt32?) {
    #expect(ProcReader.effectiveUser(inStatus: Array(text.utf8)) == expected)
  }

  @Test func ownProcessIsRead() throws {
    let reader = ProcReader()
    #expect(reader.this == Int(getpid()))
    #expect(reader.status(reader.this).flatMap(ProcReader.effectiveUser(inStatus:)) == geteuid())
    #expect(reader.program(reader.this)?.first == UInt8(ascii: "/"))
    #expect(reader.arguments(reader.this)?.isEmpty == false)
    #expect(!reader.isForeign(reader.this))
    #expect(reader.stat(0) == nil && reader.status(0) == nil && reader.program(0) == nil)
  }

  @Test(.enabled(if: geteuid() != 0, "root may read the limits of every process"))
  func processesOfOthersAreForeign() { #expect(ProcReader().isForeign(1)) }

  @Test func theMachineHasBeenRunningSinceOneBoot() {
    #expect(ProcReader().boot().count == 37 && ProcReader().boot() == ProcReader().boot())
  }
}
