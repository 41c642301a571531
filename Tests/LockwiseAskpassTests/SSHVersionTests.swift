import Testing

@testable import LockwiseAskpass

/// The output of `ssh -V`.
@Suite struct SSHVersionTests {
  @Test(
    arguments: [
      ("OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.15 3 Sep 2024\n", 9, 2), ("OpenSSH_10.0p2, OpenSSL 3.5.0", 10, 0),
      ("OpenSSH_8.4p1", 8, 4), ("OpenSSH_7.4p1, OpenSSL 1.0.2k-fips  26 Jan 2017", 7, 4), ("OpenSSH_8.5", 8, 5),
    ])
  func numbersAreRead(text: String, major: Int, minor: Int) throws {
    let version = try #require(SSHVersion(parsing: Array(text.utf8)))
    #expect(version == SSHVersion(major: major, minor: minor))
    #expect((version >= .marksServerTexts) == (major > 8 || major == 8 && minor >= 5))
  }

  @Test(arguments: [
    "", "OpenSSH", "OpenSSH_", "OpenSSH_9", "OpenSSH_x.1", "Dropbear v2022.83", " OpenSSH_9.2", "OpenSSH_99999.1",
  ])
  func otherProgramsHaveNone(text: String) { #expect(SSHVersion(parsing: Array(text.utf8)) == nil) }
}
