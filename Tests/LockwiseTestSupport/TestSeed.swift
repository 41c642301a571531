import Glibc

/// The seed of a test with random numbers. `LOCKWISE_TEST_SEED` repeats a run; otherwise each run has a new seed.
public enum TestSeed {
  /// Returns a generator and prints the variable that repeats its numbers.
  ///
  /// - Parameter test: the test's name, printed with the seed.
  public static func generator(for test: String = #function) -> SeededGenerator {
    SeededGenerator(seed: seed(for: test))
  }

  /// Returns a seed and prints it.
  ///
  /// - Parameter test: the test's name, printed with the seed.
  public static func seed(for test: String = #function) -> UInt64 {
    let given = getenv("LOCKWISE_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
    let seed = given ?? .random(in: 0...9_999_999)
    print("\(test): LOCKWISE_TEST_SEED=\(seed)")
    return seed
  }
}
