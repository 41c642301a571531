/// The differences of two texts in the unified form of diff(1), with three lines of context.
struct UnifiedDiff: CustomStringConvertible {
  enum Line {
    case both(String)
    case old(String)
    case new(String)

    var isChange: Bool { if case .both = self { false } else { true } }
    var text: String {
      switch self {
      case .both(let text): " " + text
      case .old(let text): "-" + text
      case .new(let text): "+" + text
      }
    }
  }

  private let name: String
  private let lines: [Line]
  private static let context = 3

  init(name: String, lines: [Line]) {
    self.name = name
    self.lines = lines
  }

  /// Empty if nothing differs.
  var description: String {
    let changes = lines.indices.filter { lines[$0].isChange }
    guard !changes.isEmpty else { return "" }
    var hunks: [Range<Int>] = []
    for change in changes {
      let range = max(0, change - Self.context)..<min(lines.count, change + Self.context + 1)
      if let last = hunks.last, last.upperBound >= range.lowerBound {
        hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
      } else {
        hunks.append(range)
      }
    }
    return "--- \(name), expected\n+++ \(name), shown\n" + hunks.map(text).joined()
  }

  private func text(_ hunk: Range<Int>) -> String {
    let old = position(hunk) { if case .new = $0 { false } else { true } }
    let new = position(hunk) { if case .old = $0 { false } else { true } }
    return "@@ -\(old) +\(new) @@\n" + lines[hunk].map { $0.text + "\n" }.joined()
  }

  /// The first line's number and the count of lines on one of the two sides.
  private func position(_ hunk: Range<Int>, _ isOfSide: (Line) -> Bool) -> String {
    let before = lines[..<hunk.lowerBound].count(where: isOfSide)
    let count = lines[hunk].count(where: isOfSide)
    return "\(count == 0 ? before : before + 1),\(count)"
  }
}
