/// The number of edits between two texts.
package enum EditDistance {
  /// Returns the number of bytes inserted, deleted, replaced or exchanged with a neighbour (optimal string alignment).
  package static func of(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for (i, byte) in left.enumerated() {
      var row = [i + 1]
      row.reserveCapacity(right.count + 1)
      for (j, other) in right.enumerated() {
        var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (byte == other ? 0 : 1))
        if i > 0, j > 0, byte == right[j - 1], left[i - 1] == other { best = min(best, beforePrevious[j - 1] + 1) }
        row.append(best)
      }
      (beforePrevious, previous) = (previous, row)
    }
    return previous[right.count]
  }
}
