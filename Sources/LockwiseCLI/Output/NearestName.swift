import LockwiseCore

/// Finds what somebody meant who mistyped a name.
public enum NearestName {
  /// Returns the name nearest to `typed`; `nil` if none is near.
  ///
  /// Near means at most one edit in three characters, or a common beginning: `stat` is near `status`.
  public static func of(_ typed: String, among names: [String]) -> String? {
    let typed = typed.lowercased()
    guard !typed.isEmpty, typed.utf8.count <= 64 else { return nil }
    let ranked = names.map { (name: $0, distance: distance(Array(typed.utf8), Array($0.utf8))) }
    let beginning = names.filter { $0.hasPrefix(typed) && typed.utf8.count >= 2 }
    if beginning.count == 1 { return beginning[0] }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, typed.utf8.count / 3) ? best.name : nil
  }

  /// Returns the number of edits between two words: letters inserted, deleted, replaced or exchanged with a neighbour
  /// (optimal string alignment).
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var rows = [Array(0...right.count)]
    for (i, letter) in left.enumerated() {
      var row = [i + 1]
      for (j, other) in right.enumerated() {
        var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (letter == other ? 0 : 1))
        if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
