import Testing

@testable import LockwiseCore

@Suite struct TimeSpanTests {
  @Test(
    arguments: [
      (2_592_000, "30 days"), (86_400, "1 day"), (43_200, "12 hours"), (3600, "1 hour"), (5400, "90 minutes"),
      (61, "61 seconds"),
      (1, "1 second"), (0, "0 seconds"), (90_000, "25 hours"),
    ] as [(Int64, String)])
  func spans(seconds: Int64, text: String) { #expect(TimeSpan.text(seconds) == text) }

  /// Valid in every time zone, to the minute.
  @Test func pointsOfTime() {
    let text = TimeSpan.localTime(1_800_000_059)
    #expect(text.wholeMatch(of: /2027-01-1[45] [0-2][0-9]:[0-5][0-9]/) != nil, "\(text)")
    #expect(text == TimeSpan.localTime(1_800_000_000) && text != TimeSpan.localTime(1_800_000_060))
  }
}
