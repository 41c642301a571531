/// Expected lines set against lines of output.
struct TranscriptAlignment {
  enum Edit: Equatable {
    /// An expected line, and the lines that it stands for: one, or any number for `...`.
    case kept(String, [String])
    /// An expected line that did not appear.
    case missing(String)
    /// A line that was not expected.
    case added(String)
  }

  let edits: [Edit]

  /// Whether all that was expected appeared, and nothing else.
  var isMatch: Bool { edits.allSatisfy { if case .kept = $0 { true } else { false } } }

  /// Finds the alignment with the fewest lines missing and added.
  init(expected: [String], actual: [String], pattern: TranscriptPattern) {
    // The cost of setting `expected[i...]` against `actual[j...]`. A line that `...` stands for costs little, so that
    // it takes no more than it must.
    let miss = 1000
    var cost = [[Int]](
      repeating: [Int](repeating: 0, count: actual.count + 1), count: expected.count + 1)
    var choice = [[Choice]](
      repeating: [Choice](repeating: .add, count: actual.count + 1), count: expected.count + 1)
    for i in (0...expected.count).reversed() {
      for j in (0...actual.count).reversed() where i < expected.count || j < actual.count {
        var options: [(Int, Choice)] = []
        if i < expected.count, j < actual.count, !Self.isEllipsis(expected[i]),
          pattern.matches(expected[i], actual[j])
        {
          options.append((cost[i + 1][j + 1], .keep))
        }
        if i < expected.count, Self.isEllipsis(expected[i]) {
          options.append((cost[i + 1][j], .close))
          if j < actual.count, Self.covers(expected[i], actual[j]) { options.append((cost[i][j + 1] + 1, .absorb)) }
        } else {
          if i < expected.count { options.append((cost[i + 1][j] + miss, .drop)) }
          // Nothing is added where dots stand, which would divide the lines that they stand for.
          if j < actual.count { options.append((cost[i][j + 1] + miss, .add)) }
        }
        guard let best = options.min(by: { $0.0 < $1.0 }) else { continue }
        (cost[i][j], choice[i][j]) = best
      }
    }
    edits = Self.trace(choice, expected, actual)
  }

  /// The expectation that this output would meet; what still matches stays as it was written.
  func updated(_ pattern: TranscriptPattern) -> [String] {
    let before = edits.compactMap { edit in
      switch edit {
      case .kept(let line, _), .missing(let line): line
      case .added: nil
      }
    }
    return edits.compactMap { edit in
      switch edit {
      case .kept(let line, _): line
      case .missing: nil
      case .added(let line): pattern.generalize(line, as: before)
      }
    }
  }

  private enum Choice { case keep, close, absorb, drop, add }

  private static func isEllipsis(_ line: String) -> Bool { line == "..." || line == "! ..." }

  /// Whether a line of dots may stand for a line of output: each for its own stream, none for an exit status or a line
  /// that was typed.
  private static func covers(_ dots: String, _ line: String) -> Bool {
    let isError = TranscriptParser.argument(line, "!") != nil
    if dots == "! ..." { return isError }
    return !isError && !["?", ">", "*"].contains { TranscriptParser.argument(line, $0) != nil }
  }

  private static func trace(_ choice: [[Choice]], _ expected: [String], _ actual: [String]) -> [Edit] {
    var (i, j) = (0, 0)
    var edits: [Edit] = []
    var absorbed: [String] = []
    while i < expected.count || j < actual.count {
      switch choice[i][j] {
      case .keep:
        edits.append(.kept(expected[i], [actual[j]]))
        (i, j) = (i + 1, j + 1)
      case .absorb:
        absorbed.append(actual[j])
        j += 1
      case .close:
        edits.append(.kept(expected[i], absorbed))
        absorbed = []
        i += 1
      case .drop:
        edits.append(.missing(expected[i]))
        i += 1
      case .add:
        edits.append(.added(actual[j]))
        j += 1
      }
    }
    return edits
  }
}
