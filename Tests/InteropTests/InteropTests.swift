import Testing

/// A real Firefox and the built executables with one sandbox. The tests run one at a time, because each keeps the
/// machine busy.
@Suite(.serialized) enum InteropTests {
  /// One account, one Firefox and one vault.
  @Suite(.serialized, .sharedFixture(vaults: 1)) enum OneFirefox {}

  /// One Firefox, and a new account for each test.
  @Suite(.serialized, .sharedFixture()) enum NewAccounts {}
}
