import LockwiseCore

/// A clock that moves only when a test sets it.
final class TestClock {
  var now: Milliseconds = 1_800_000_000_000
  private(set) var sleeps: [Milliseconds] = []

  func sleep(_ span: Milliseconds) {
    sleeps.append(span)
    now += span
  }
}

/// Random bytes that are the same in every run, from a linear congruential generator (Knuth, MMIX).
final class SeededRandom: RandomSource, @unchecked Sendable {
  private var state: UInt64

  init(seed: UInt64 = 1) { state = seed }

  func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }

  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
    for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: next()) }
  }
}

/// A generator of the bytes that a vector prescribes.
struct FixedRandom: RandomSource {
  let bytes: [UInt8]

  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
    for index in buffer.indices { buffer[index] = bytes[index] }
  }
}
