import Glibc
import Testing

@testable import LockwiseCore
@testable import LockwisePass

/// Times as `otp --at` accepts them.
@Suite struct CodeTimeTests {
  @Test(
    arguments: [
      ("0", 0), ("59", 59), ("@1700000000", 1_700_000_000), ("+30", 1030), ("-30", 970), ("-1000", 0),
      ("1970-01-01T00:00:59Z", 59), ("2009-02-13 23:31:30Z", 1_234_567_890), ("2033-05-18 03:33Z", 1_999_999_980),
    ] as [(String, Seconds)])
  func accepted(text: String, time: Seconds) throws { #expect(try CodeTime.parse(text, now: 1000) == time) }

  @Test func timesAreLocalWithoutZ() throws {
    var parts = tm()
    var time = time_t(1_700_000_000)
    localtime_r(&time, &parts)
    let two: (Int32) -> String = { ($0 < 10 ? "0" : "") + String($0) }
    let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    #expect(try CodeTime.parse("\(date) \(clock)", now: 0) == 1_700_000_000)
  }

  @Test(arguments: [
    "", "@", "+", "now", "12:00", "-1001", "99999999999999999999", "+9223372036854775807", "2009-13-13 23:31Z",
    "2009-02-13 24:31Z", "2009-02-13 23:60Z", "2009-02-13", "2009-02-13 23:31:3", "1969-12-31 23:59Z",
    "2009/02/13 23:31",
    "1 000",
  ])
  func refused(text: String) { #expect(throws: UserFacingError.self) { try CodeTime.parse(text, now: 1000) } }
}
