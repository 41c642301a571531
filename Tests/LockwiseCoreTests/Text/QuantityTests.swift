import LockwiseCore
import Testing

/// Texts of numbers with units.
@Suite struct QuantityTests {
  @Test(arguments: [(0, "0 logins"), (1, "1 login"), (2, "2 logins"), (100_000, "100000 logins")])
  func oneThingIsNotPlural(count: Int, text: String) { #expect(Quantity.of(count, "login") == text) }

  @Test func anIrregularPlural() {
    #expect(Quantity.of(1, "entry", "entries") == "1 entry")
    #expect(Quantity.of(3, "entry", "entries") == "3 entries")
  }

  @Test(
    arguments: [
      (-5, "0 seconds"), (0, "0 seconds"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "61 seconds"),
      (90, "90 seconds"), (119, "119 seconds"), (120, "2 minutes"), (121, "3 minutes"), (900, "15 minutes"),
      (901, "16 minutes"), (3600, "1 hour"), (3601, "61 minutes"), (7199, "120 minutes"), (7200, "2 hours"),
      (28_800, "8 hours"), (86_400, "1 day"), (90_000, "25 hours"), (172_800, "2 days"), (172_801, "3 days"),
    ] as [(Seconds, String)])
  func durationsHaveAUnitThatFits(span: Seconds, text: String) { #expect(Quantity.duration(span) == text) }

  @Test(
    arguments: [
      (-1, "0 bytes"), (0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (1024, "1 KiB"), (1536, "1.5 KiB"),
      (10_239, "10 KiB"), (102_400, "100 KiB"), (102_950, "101 KiB"), (1_048_575, "1 MiB"), (1_048_576, "1 MiB"),
      (2_621_440, "2.5 MiB"), (262_144_000, "250 MiB"), (1 << 40, "1024 GiB"),
    ] as [(Int, String)])
  func sizesAreRounded(count: Int, text: String) { #expect(Quantity.bytes(count) == text) }
}
