/// A search for patterns between whose characters line breaks are skipped.
///
/// A line break is up to three CR and LF: a terminal makes CR CR LF of CR LF. More of them end an occurrence, so that the
/// bytes that are held are bounded.
struct BreakSkippingSearch {
  private let patterns: PatternAutomaton
  private var state = 0
  /// The number of bytes that were not skipped.
  private var count = 0
  /// The number of CR and LF since the last other byte.
  private var breakCount = 0
  /// For each byte after a line break: its number among those that were not skipped, and the number of skipped ones
  /// before it. Only the last one before `start` and later ones are needed.
  private var breaks: [(index: Int, skipped: Int)] = [(0, 0)]

  private static let longestBreak = 3
  /// The number of breaks above which those that are no longer needed are removed.
  private static let manyBreaks = 64

  /// Makes a search at the beginning of a text.
  init(_ patterns: PatternAutomaton) { self.patterns = patterns }

  /// Whether no pattern has begun.
  var isIdle: Bool { state == 0 }

  /// The earliest place where a pattern may have begun.
  var start: Int { place(count - patterns.depth(state)) }

  /// Forgets what has begun.
  mutating func reset() { state = 0 }

  /// Continues at a place in the text, while no pattern has begun.
  mutating func restart(at place: Int) {
    breakCount = 0
    breaks.removeAll(keepingCapacity: true)
    breaks.append((count, place - count))
  }

  /// Continues with a byte.
  ///
  /// - Parameter place: its place in the text.
  /// - Returns: the beginning of the longest pattern that ends here, and the pattern.
  mutating func step(_ byte: UInt8, at place: Int) -> (start: Int, pattern: PatternAutomaton.Pattern)? {
    if byte == 0x0A || byte == 0x0D {
      breakCount += 1
      if breakCount > Self.longestBreak { state = 0 }
      return nil
    }
    if breakCount > 0 {
      breakCount = 0
      addBreak(skipped: place - count)
    }
    count += 1
    state = patterns.step(state, byte)
    guard let pattern = patterns.match(state) else { return nil }
    return (self.place(count - pattern.count), pattern)
  }

  private mutating func addBreak(skipped: Int) {
    if state == 0 { breaks.removeAll(keepingCapacity: true) }
    if breaks.count >= Self.manyBreaks, breaks.count > 2 * patterns.depth(state) {
      breaks.removeFirst(position(count - patterns.depth(state)))
    }
    breaks.append((count, skipped))
  }

  /// The place in the text of a byte by its number among those that were not skipped.
  private func place(_ index: Int) -> Int {
    index + breaks[position(index)].skipped
  }

  /// The last break before a byte.
  private func position(_ index: Int) -> Int {
    var low = 0
    var high = breaks.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if breaks[middle].index <= index { low = middle } else { high = middle }
    }
    return low
  }
}
