import Testing

@testable import LockwiseCore

/// Times and spans with their units.
@Suite struct TimeTests {
  @Test func unitsConvert() {
    #expect(Milliseconds(Seconds(90)) == 90_000 && Seconds(Milliseconds(90_999)) == 90)
    #expect(Seconds(Milliseconds(-1500)) == -1)
    #expect(Milliseconds(Seconds.max) == .max && Milliseconds(Seconds(.min)) == Milliseconds(.min))
  }

  /// Times come from files and servers, so no sum of them may end the program.
  @Test func resultsStayInRange() {
    #expect(Milliseconds.max + 1 == .max && Milliseconds(.min) - 1 == Milliseconds(.min))
    #expect(
      Milliseconds.max - Milliseconds(.min) == .max && Milliseconds(.min) + Milliseconds(.min) == Milliseconds(.min))
    #expect(Milliseconds(.min) - Milliseconds.max == Milliseconds(.min))
    #expect(Seconds.max * 2 == .max && Seconds.max * -2 == Seconds(.min) && Seconds(.min) * -1 == .max)
    #expect(Seconds(.min).magnitude == .max && Seconds(-5).magnitude == 5 && Seconds(5).magnitude == 5)
    #expect(Seconds(7) * 0 == 0 && Seconds(-7) * 3 == -21)
  }

  @Test func theClocksAdvance() {
    let (wall, monotonic) = (Milliseconds.now(), Milliseconds.monotonic())
    #expect(wall > 1_700_000_000_000 && wall - Milliseconds(Seconds(wall)) < 1000)
    #expect(Milliseconds.monotonic() >= monotonic)
  }

  /// Valid in every time zone, to the minute.
  @Test func pointsOfTime() {
    let text = Seconds(1_800_000_059).localTime
    #expect(text.wholeMatch(of: /2027-01-1[45] [0-2][0-9]:[0-5][0-9]/) != nil, "\(text)")
    #expect(text == Seconds(1_800_000_000).localTime && text != Seconds(1_800_000_060).localTime)
  }

  @Test func secondsAreShownWhereAsked() {
    #expect(Seconds(1_800_000_059).localTimeWithSeconds == Seconds(1_800_000_059).localTime + ":59")
    #expect(Seconds(-1).localTimeWithSeconds == Seconds(-1).localTime + ":59")
  }

  /// The end of a wait is never shown as earlier than it is.
  @Test func timesOfDayAreRoundedUp() {
    let now: Seconds = 1_800_000_000
    #expect(now.localTimeOfDay(now: now) == String(now.localTime.suffix(5)))
    #expect((now + 1).localTimeOfDay(now: now) == (now + 60).localTimeOfDay(now: now))
    let day: Seconds = 86_400
    #expect((now + day).localTimeOfDay(now: now) == "\(now.localTime.suffix(5)) on \((now + day).localTime.prefix(10))")
  }
}
