extension String {
  /// Returns whether two texts consist of the same bytes, as a server compares them. `==` also treats canonically
  /// equivalent texts as equal.
  public func isSameText(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension String.UTF8View {
  /// Returns the first range of `needle`, which is at least one byte. The standard library's own search would link its
  /// regular expressions into the program.
  public func firstRange(of needle: StaticString) -> Range<Index>? {
    let pattern = UnsafeBufferPointer(start: needle.utf8Start, count: needle.utf8CodeUnitCount)
    var start = startIndex
    while let candidate = self[start...].firstIndex(of: pattern[0]) {
      if self[candidate...].starts(with: pattern) { return candidate..<index(candidate, offsetBy: pattern.count) }
      start = index(after: candidate)
    }
    return nil
  }
}
