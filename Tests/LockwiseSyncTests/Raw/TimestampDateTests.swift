import Foundation
import LockwiseSync
import Testing

@Suite struct TimestampDateTests {
  @Test(arguments: [
    ("0", 0), ("1700000000.12", 170_000_000_012), ("1970-01-01", 0), ("2023-11-14T22:13:20Z", 170_000_000_000),
    ("2023-11-14T22:13:20.5Z", 170_000_000_050), ("2023-11-14T22:13:20.05Z", 170_000_000_005),
    ("2024-02-29", 170_916_480_000), ("2000-02-29T00:00:00Z", 95_178_240_000), ("2100-03-01", 410_754_240_000),
  ]) func parsesBothForms(text: String, hundredths: Int64) {
    #expect(Timestamp(argument: text)?.hundredths == hundredths)
  }

  @Test(arguments: [
    "", "yesterday", "2023-02-29", "2100-02-29", "2023-13-01", "2023-00-10", "2023-01-00", "2023-01-32", "1969-12-31",
    "2023-1-1", "2023-11-14T22:13:20", "2023-11-14T24:00:00Z", "2023-11-14T22:60:00Z", "2023-11-14T22:13:20+01:00",
    "2023-11-14T22:13:20.123Z", "2023-11-14T22:13:20.Z", "2023-11-14T22:13Z", "-5", "2023-11-14 22:13:20", "+023-11-14",
    "2023-11-14T", "2023-11-1٣",
  ]) func refusesInvalidTimes(text: String) {
    #expect(Timestamp(argument: text) == nil)
  }

  /// The days, compared with Foundation's calendar.
  @Test func computesEveryDay() throws {
    for day in stride(from: Int64(0), through: 80000, by: 7) {
      let seconds = day * 86400 + day % 86400
      let expected = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
      #expect(Timestamp(hundredths: seconds * 100 + 99).date == expected)
      #expect(Timestamp(argument: expected)?.hundredths == seconds * 100)
    }
  }
}
