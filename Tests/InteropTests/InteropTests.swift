import Testing

/// A real Firefox and the built executables on both sides of one sandbox. One test at a time: each keeps the machine
/// busy by itself.
@Suite(.serialized) enum InteropTests {
  /// One account, one Firefox, one vault of ours.
  @Suite(.serialized, .sharedMeeting(vaults: 1)) enum OneFirefox {}

  /// One Firefox, and an account of its own for each test.
  @Suite(.serialized, .sharedMeeting()) enum NewAccounts {}
}
