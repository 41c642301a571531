import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Reading values from git's configuration.
@Suite struct GitConfigurationTests {
  private func configuration(_ scope: String = "global", _ entries: (key: String, value: String?)...) throws
    -> GitConfiguration
  {
    try #require(
      GitConfiguration(
        listing: Array(entries.map { "\(scope)\0" + $0.key + ($0.value.map { "\n\($0)" } ?? "") + "\0" }.joined().utf8))
    )
  }

  private func context(_ host: String, _ path: String? = nil) -> GitCredentialContext {
    GitCredentialContext(scheme: "https", host: host, path: path)
  }

  @Test func theMostSpecificOrLastValueApplies() throws {
    let values = try configuration(
      "global", ("lockwise.https://h.example/a.erase", "path"), ("lockwise.erase", "first"), ("lockwise.erase", "last"),
      ("lockwise.https://h.example.erase", "host\nwith\na line"), ("lockwise.store", nil),
      ("lockwise.https://h.example.store", "x"))
    #expect(values.value("lockwise", "erase", for: context("h.example", "a/b"), from: .any) == "path")
    #expect(values.value("lockwise", "erase", for: context("h.example"), from: .any) == "host\nwith\na line")
    #expect(values.value("lockwise", "erase", for: context("other.example"), from: .any) == "last")
    #expect(values.value("lockwise", "store", for: context("other.example"), from: .any) == "true")
    #expect(values.value("lockwise", "refusedfor", for: context("h.example"), from: .any) == nil)
    #expect(values.value("credential", "erase", for: context("h.example"), from: .any) == nil)
  }

  @Test func valuesAccumulateUntilAnEmptyOne() throws {
    let values = try configuration(
      "system", ("lockwise.alias", "a:b"), ("lockwise.https://a.alias", "c:d"), ("lockwise.https://b.alias", "e:f"))
    #expect(values.values("lockwise", "alias", for: context("a"), from: .any) == ["a:b", "c:d"])
    let emptied = try configuration(
      "system", ("lockwise.alias", "a:b"), ("lockwise.alias", ""), ("lockwise.alias", "c:d"))
    #expect(emptied.values("lockwise", "alias", for: context("a"), from: .any) == ["c:d"])
    #expect(values.allValues("lockwise", "alias", from: .any) == ["a:b", "c:d", "e:f"])
  }

  /// git-config(1), "SCOPES". An unknown scope is not the user's.
  @Test(arguments: [
    ("system", true), ("global", true), ("command", true), ("local", false), ("worktree", false), ("submodule", false),
    ("unknown", false), ("", false),
  ])
  func protectedScopes(scope: String, isProtected: Bool) throws {
    let values = try configuration(scope, ("lockwise.alias", "a:b"))
    let here = context("a")
    #expect(values.values("lockwise", "alias", for: here, from: .protected) == (isProtected ? ["a:b"] : []))
    #expect(values.value("lockwise", "alias", for: here, from: .protected) == (isProtected ? "a:b" : nil))
    #expect(values.value("lockwise", "alias", for: here, from: .repository) == (isProtected ? nil : "a:b"))
    #expect(values.allValues("lockwise", "alias", from: .protected) == (isProtected ? ["a:b"] : []))
    #expect(values.value("lockwise", "alias", for: here, from: .any) == "a:b")
  }

  /// Texts that are not listings. They are refused, because a restriction could be missing.
  @Test(arguments: [
    "\0", "lockwise", "local\0lockwise.store\nx", "local\0\nlockwise.store\0", "local\0.", "local\0store\0",
  ])
  func nonsense(listing: String) { #expect(GitConfiguration(listing: Array(listing.utf8)) == nil) }

  @Test func unsetValuesAreEmpty() throws {
    let values = try #require(GitConfiguration(listing: [UInt8]()))
    #expect(values.value("lockwise", "store", for: context("h.example"), from: .any) == nil)
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
    ] as [(String, Seconds?)])
  func durations(text: String, expected: Seconds?) { #expect(GitConfiguration.duration(text) == expected) }
}
