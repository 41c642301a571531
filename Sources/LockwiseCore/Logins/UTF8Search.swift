extension String.UTF8View {
  /// Where `needle` first stands. The standard library's own search would draw its regular expressions into the
  /// program.
  func firstRange(of needle: StaticString) -> Range<Index>? {
    let pattern = UnsafeBufferPointer(start: needle.utf8Start, count: needle.utf8CodeUnitCount)
    var start = startIndex
    while start < endIndex {
      if self[start...].starts(with: pattern) { return start..<index(start, offsetBy: pattern.count) }
      formIndex(after: &start)
    }
    return nil
  }
}
