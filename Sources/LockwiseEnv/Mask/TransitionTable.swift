/// The transitions of a ``PatternAutomaton`` that are not to the next number: a hash table with open addressing.
final class TransitionTable {
  /// A state and a byte; 0 is a free place, because state 0 has a table of its own.
  private var keys = WipedArray<UInt64>()
  private var targets = WipedArray<UInt32>()
  private var count = 0
  private static let leastCapacity = 64

  /// Makes an empty table.
  init() { clear(Self.leastCapacity) }

  /// Adds a transition that is not there.
  func insert(_ target: UInt32, state: UInt32, byte: UInt8) {
    if 2 * (count + 1) > keys.count { grow() }
    put(Self.key(state, byte), target)
    count += 1
  }

  /// Returns the target of a transition.
  func find(state: UInt32, byte: UInt8) -> UInt32? {
    let key = Self.key(state, byte)
    let place = place(of: key)
    return keys[place] == key ? targets[place] : nil
  }

  private static func key(_ state: UInt32, _ byte: UInt8) -> UInt64 { UInt64(state) << 8 | UInt64(byte) }

  /// The place of a key, or the free one where it belongs.
  private func place(of key: UInt64) -> Int {
    let mask = keys.count - 1
    // Fibonacci hashing: the upper bits of a product with 2^64 divided by the golden ratio.
    var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while keys[place] != 0, keys[place] != key { place = (place + 1) & mask }
    return place
  }

  private func put(_ key: UInt64, _ target: UInt32) {
    let place = place(of: key)
    keys[place] = key
    targets[place] = target
  }

  private func clear(_ capacity: Int) {
    keys = WipedArray(capacity: capacity)
    targets = WipedArray(capacity: capacity)
    keys.append(repeating: 0, count: capacity)
    targets.append(repeating: 0, count: capacity)
  }

  private func grow() {
    let (oldKeys, oldTargets) = (keys, targets)
    clear(2 * keys.count)
    for place in 0..<oldKeys.count where oldKeys[place] != 0 { put(oldKeys[place], oldTargets[place]) }
  }
}
