extension String.UTF8View {
  /// Where `needle`, at least one byte, first stands. The standard library's own search would draw its regular expressions into the
  /// program.
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
