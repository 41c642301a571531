/// A merge of two versions of notes that both differ from their base: the newer text, and below it the lines of the
/// older one that are in neither the newer one nor the base.
///
/// Lines with the URI of an HOTP code are the same line whatever their counters are, and the highest counter is used.
/// The result is the same on every machine that regards the same version as the newer one.
struct NotesMerge {
  /// The last version that both sides had; empty if there is none.
  let base: SecretBytes
  /// The version that wins where both changed a line.
  let newer: SecretBytes
  /// The other version.
  let older: SecretBytes
  /// Fields of which the older version's tied lines are left out. The login itself has their values.
  var tiedInOlder: Set<TiedField> = []
  /// Earlier versions of the newer text. What they contain was removed from it on purpose.
  var former: [SecretBytes] = []

  /// Returns the merged notes.
  func merged() -> SecretBytes {
    let added = addedLines
    guard !added.isEmpty else { return withHighestCounters(newer) }
    let lines = added.flatMap { [$0, SecretBytes(utf8: "\n")] }
    return withHighestCounters(.concatenating([newer.endingWithLineFeed] + lines))
  }

  /// The lines of the older text that are in no other one.
  private var addedLines: [SecretBytes] {
    var known = LineSet()
    for text in [base, newer] + former {
      for line in text.lines { known.insert(Self.identity(of: line)) }
    }
    let tied = tiedInOlder.compactMap { $0.line(in: older)?.range }
    var added: [SecretBytes] = []
    for range in older.lineRanges where !tied.contains(range) {
      let identity = Self.identity(of: older[range])
      guard !known.contains(identity) else { continue }
      added.append(older[range])
      // A code is added once, whatever its counters are.
      if identity.count < range.count { known.insert(identity) }
    }
    return added
  }

  /// Returns a text with the highest counter of both versions in all lines of a code.
  private func withHighestCounters(_ text: SecretBytes) -> SecretBytes {
    let counters = (newer.lines + older.lines).compactMap(CounterURI.init)
    guard !counters.isEmpty else { return text }
    var parts: [SecretBytes] = []
    var end = 0
    for range in text.lineRanges {
      guard let uri = CounterURI(text[range]) else { continue }
      let highest = counters.filter { $0.isSameCode(as: uri) }.map(\.counter).max() ?? 0
      guard highest > uri.counter else { continue }
      parts += [text[end..<range.lowerBound], uri.with(counter: highest)]
      end = range.upperBound
    }
    return parts.isEmpty ? text : .concatenating(parts + [text[end..<text.count]])
  }

  /// Returns what makes a line the same line in another version.
  private static func identity(of line: SecretBytes) -> SecretBytes { CounterURI(line)?.code ?? line }
}

/// A set of lines, without copies of them in ordinary memory.
private struct LineSet {
  private var lines: [Int: [SecretBytes]] = [:]

  func contains(_ line: SecretBytes) -> Bool { lines[Self.hash(line)]?.contains(line) ?? false }

  mutating func insert(_ line: SecretBytes) {
    if !contains(line) { lines[Self.hash(line), default: []].append(line) }
  }

  private static func hash(_ line: SecretBytes) -> Int {
    var hasher = Hasher()
    line.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}
