import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

@Suite struct ProcessHardeningTests {
  @Test(arguments: [
    ("/etc/ssl/certs", true), ("/a:/b", true), ("certs", false), ("", false), ("/a:b", false), ("/a:", false),
    (":/a", false), ("./a", false),
  ])
  func listsOfAbsolutePaths(list: String, expected: Bool) {
    #expect(ProcessHardening.areAbsolute(list) == expected)
  }

  /// Scripts rely on this number.
  @Test func theStatusOfALockedVaultIs3() {
    #expect(VaultError.locked.userFacingError.exitCode == .locked)
    #expect(VaultError.wrongKey.userFacingError.exitCode == .locked)
    #expect(ExitCode.locked.rawValue == 3)
  }
}
