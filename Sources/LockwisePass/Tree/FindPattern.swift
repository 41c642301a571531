import LockwiseCore

/// The search terms of `find`: the pattern `*TERM*` for each, as tree(1) matches it with a part of a name.
///
/// `*`, `?`, `[set]`, `[^set]` and `\` have their usual meaning, and `|` separates alternatives. Bytes are compared, and
/// ASCII letters without case. As in tree(1), a set that does not end and an empty alternative match everything.
struct FindPattern {
  private var alternatives: [GlobPattern] = []
  /// Terms without wildcards. A term without a slash is in a part of a name if it is in the name.
  private var words: [[UInt8]] = []

  /// Compiles search terms.
  init(_ terms: [String]) {
    for term in terms {
      let bytes = term.utf8.map(GlobPattern.lowercase)
      if bytes.contains(where: { "*?[]\\|".utf8.contains($0) }) || bytes.isEmpty {
        let pattern = [UInt8(ascii: "*")] + bytes + [UInt8(ascii: "*")]
        alternatives += pattern.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
          .map { GlobPattern($0) }
      } else if !bytes.contains(UInt8(ascii: "/")) {
        words.append(bytes)
      }
    }
  }

  /// Returns whether a part of a name matches: the entry is shown, or a folder of it with everything below.
  func matches(_ name: UnsafeRawBufferPointer) -> Bool {
    if words.contains(where: { Self.contains(name, $0) }) { return true }
    guard !alternatives.isEmpty else { return false }
    var start = 0
    while start <= name.count {
      let end = name[start...].firstIndex(of: UInt8(ascii: "/")) ?? name.count
      let part = UnsafeRawBufferPointer(rebasing: name[start..<end])
      if alternatives.contains(where: { $0.matches(part) }) { return true }
      start = end + 1
    }
    return false
  }

  /// Returns the entries that match.
  func matches(in list: EntryList) -> [EntryList.Row] {
    list.storage.withUnsafeBytes { names in
      list.rows.filter { matches(EntryList.name($0, in: names)) }
    }
  }

  private static func contains(_ name: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
    guard name.count >= word.count else { return false }
    let first = word[0]
    return word.withUnsafeBufferPointer { word in
      for start in 0...name.count - word.count where GlobPattern.lowercase(name[start]) == first {
        var offset = 1
        while offset < word.count, GlobPattern.lowercase(name[start + offset]) == word[offset] { offset += 1 }
        if offset == word.count { return true }
      }
      return false
    }
  }
}
