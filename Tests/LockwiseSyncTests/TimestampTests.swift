import LockwiseSync
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1700000000.12", 170_000_000_012), ("1700000000", 170_000_000_000), ("1.70000000012E9", 170_000_000_012),
    ("1.7e9", 170_000_000_000), ("1795356040.7", 179_535_604_070), ("1795356035.410", 179_535_603_541),
    ("1700000000.119999885", 170_000_000_012), ("1700000000.125", 170_000_000_013), ("0", 0), ("0.00", 0),
    ("0e400", 0), ("12E-1", 120), ("1e-999", 0), ("1700000000.1200000000000000000001", 170_000_000_012),
  ]) func parsesTimestamps(text: String, hundredths: Int64) {
    #expect(Timestamp(text) == Timestamp(hundredths: hundredths))
  }

  @Test(arguments: [
    "", ".", "-1", "+1", "1 ", " 1", "1.2.3", "1e", "1e+", "1e1000", "0x1", "nan", "null", "1e30",
    "99999999999999999999", "１",
  ]) func refusesInvalidTimestamps(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test(arguments: [
    (170_000_000_012, "1700000000.12"), (170_000_000_010, "1700000000.10"),
    (170_000_000_001, "1700000000.01"),
    (0, "0.00"), (5, "0.05"),
  ]) func printsTwoDigits(hundredths: Int64, text: String) {
    #expect(Timestamp(hundredths: hundredths).description == text)
  }
}
