import Testing

@testable import LockwiseCore

/// Values of git's configuration.
@Suite struct GitConfigurationTests {
  private func configuration(_ entries: (key: String, value: String?)...) -> GitConfiguration {
    GitConfiguration(listing: Array(entries.map { $0.key + ($0.value.map { "\n\($0)" } ?? "") + "\0" }.joined().utf8))
  }

  @Test func theMostSpecificCountsAndOfEqualsTheLast() {
    let values = configuration(
      ("lockwise.https://h.example/a.erase", "path"), ("lockwise.erase", "first"), ("lockwise.erase", "last"),
      ("lockwise.https://h.example.erase", "host\nwith\na line"), ("lockwise.store", nil),
      ("lockwise.https://h.example.store", "x"))
    #expect(values.value("lockwise", "erase", for: "https://h.example/a/b") == "path")
    #expect(values.value("lockwise", "erase", for: "https://h.example") == "host\nwith\na line")
    #expect(values.value("lockwise", "erase", for: "https://other.example") == "last")
    #expect(values.value("lockwise", "store", for: "https://other.example") == "true")
    #expect(values.value("lockwise", "refusedfor", for: "https://h.example") == nil)
    #expect(values.value("credential", "erase", for: "https://h.example") == nil)
  }

  @Test func severalValuesAddUpUntilAnEmptyOne() {
    let values = configuration(
      ("lockwise.alias", "a:b"), ("lockwise.https://a.alias", "c:d"), ("lockwise.https://b.alias", "e:f"))
    #expect(values.values("lockwise", "alias", for: "https://a") == ["a:b", "c:d"])
    let emptied = configuration(("lockwise.alias", "a:b"), ("lockwise.alias", ""), ("lockwise.alias", "c:d"))
    #expect(emptied.values("lockwise", "alias", for: "https://a") == ["c:d"])
  }

  @Test(arguments: ["", "\0", "\0\0", "lockwise", "lockwise\nx", "\nlockwise.store", "."])
  func nonsense(listing: String) {
    let values = GitConfiguration(listing: Array(listing.utf8))
    #expect(values.value("lockwise", "store", for: "https://h.example") == nil)
  }

  /// git-config(1), "boolean".
  @Test(
    arguments: [
      ("true", true), ("YES", true), ("on", true), ("1", true), ("-3", true), ("false", false), ("No", false),
      ("off", false), ("0", false), ("", false), ("maybe", nil), ("truex", nil),
    ] as [(String, Bool?)])
  func bools(text: String, expected: Bool?) { #expect(GitConfiguration.bool(text) == expected) }

  @Test(
    arguments: [
      ("30", 2_592_000), ("0", 0), ("never", 0), ("1d", 86_400), ("2.weeks", 1_209_600), ("12 hours", 43_200),
      ("90 seconds", 90), ("5min", 300), ("1.month", 2_592_000), ("1 Year", 31_536_000), ("", nil), ("-1", nil),
      ("soon", nil), ("1.5d", nil), ("d", nil), ("9999999999", nil), ("5 fortnights", nil),
    ] as [(String, Int64?)])
  func durations(text: String, expected: Int64?) { #expect(GitConfiguration.duration(text) == expected) }
}
