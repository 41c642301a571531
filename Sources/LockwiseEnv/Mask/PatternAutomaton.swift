import LockwiseCore

/// A set of byte strings that are searched for together, in a time that depends on the length of the text only (Aho and
/// Corasick, "Efficient string matching: an aid to bibliographic search", 1975).
///
/// A state is a prefix of a pattern, numbered from 1; 0 is the empty prefix. Most prefixes have one successor, which then
/// has the next number. The other transitions are in ``TransitionTable``.
final class PatternAutomaton {
  /// A pattern that ends at a state.
  struct Pattern {
    /// The number of bytes.
    let count: Int
    /// The number of the secret that it is a form of.
    let secret: Int
  }

  /// A chain of states with consecutive numbers, each the successor of the one before.
  private struct Chain {
    let first: Int
    let last: Int
    let parent: Int
    let depth: Int
  }

  /// The byte that leads to each state; 0 has none.
  private let labels = WipedArray<UInt8>()
  /// The length of each state's prefix.
  private let depths = WipedArray<UInt32>()
  /// The longest proper suffix of each state that is also a state.
  private let suffixes = WipedArray<UInt32>()
  /// The longest pattern that is a suffix of each state, and 1; 0 if there is none.
  private let matches = WipedArray<UInt32>()
  /// Whether the next number is a successor (1), and whether there are others (2).
  private let links = WipedArray<UInt8>()
  /// The successors of state 0.
  private let firsts = WipedArray<UInt32>()
  private let transitions = TransitionTable()
  private var patterns: [Pattern] = []
  private var chains: [Chain] = []
  private var isFinished = false

  /// Makes an empty set.
  init() {
    labels.append(0)
    depths.append(0)
    suffixes.append(0)
    matches.append(0)
    links.append(0)
    firsts.append(repeating: 0, count: 256)
  }

  /// Whether there are no patterns.
  var isEmpty: Bool { patterns.isEmpty }

  /// The number of states.
  var stateCount: Int { labels.count }

  /// Adds a pattern. Of equal patterns the first one is used.
  func insert(_ pattern: UnsafeRawBufferPointer, of secret: Int) {
    precondition(!isFinished)
    guard !pattern.isEmpty else { return }
    var state = 0
    var position = 0
    while position < pattern.count, let next = successor(state, pattern[position]) {
      state = next
      position += 1
    }
    if position < pattern.count { state = append(pattern, from: position, to: state) }
    guard matches[state] == 0 else { return }
    patterns.append(Pattern(count: pattern.count, secret: secret))
    matches[state] = UInt32(patterns.count)
  }

  /// Adds the rest of a pattern as a chain.
  private func append(_ pattern: UnsafeRawBufferPointer, from start: Int, to parent: Int) -> Int {
    let first = labels.count
    if parent == 0 {
      firsts[Int(pattern[start])] = UInt32(first)
    } else if parent == first - 1 {
      links[parent] |= 1
    } else {
      links[parent] |= 2
      transitions.insert(UInt32(first), state: UInt32(parent), byte: pattern[start])
    }
    for position in start..<pattern.count {
      labels.append(pattern[position])
      depths.append(UInt32(position + 1))
      suffixes.append(0)
      matches.append(0)
      links.append(position + 1 < pattern.count ? 1 : 0)
    }
    let last = labels.count - 1
    chains.append(Chain(first: first, last: last, parent: parent, depth: start + 1))
    return last
  }

  private func successor(_ state: Int, _ byte: UInt8) -> Int? {
    if state == 0 {
      let next = Int(firsts[Int(byte)])
      return next == 0 ? nil : next
    }
    let link = links[state]
    if link & 1 != 0, labels[state + 1] == byte { return state + 1 }
    guard link & 2 != 0, let next = transitions.find(state: UInt32(state), byte: byte) else { return nil }
    return Int(next)
  }

  /// Computes the suffixes, after all patterns were added: of shorter prefixes first.
  func finish() {
    isFinished = true
    chains.sort { $0.depth < $1.depth }
    var active: [Chain] = []
    var next = 0
    var depth = 1
    while next < chains.count || !active.isEmpty {
      while next < chains.count, chains[next].depth == depth {
        active.append(chains[next])
        next += 1
      }
      var hasEnded = false
      for chain in active {
        let state = chain.first + depth - chain.depth
        if depth > 1 {
          let parent = state == chain.first ? chain.parent : state - 1
          suffixes[state] = UInt32(step(Int(suffixes[parent]), labels[state]))
        }
        if matches[state] == 0 { matches[state] = matches[Int(suffixes[state])] }
        if state == chain.last { hasEnded = true }
      }
      if hasEnded { active.removeAll { $0.last == $0.first + depth - $0.depth } }
      depth += 1
    }
    chains = []
  }

  /// Returns the state after a byte.
  func step(_ state: Int, _ byte: UInt8) -> Int {
    var state = state
    while true {
      if let next = successor(state, byte) { return next }
      if state == 0 { return 0 }
      state = Int(suffixes[state])
    }
  }

  /// Returns the length of a state's prefix.
  func depth(_ state: Int) -> Int { Int(depths[state]) }

  /// Returns the longest pattern that ends at a state.
  func match(_ state: Int) -> Pattern? {
    let number = Int(matches[state])
    return number == 0 ? nil : patterns[number - 1]
  }
}
