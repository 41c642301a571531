extension EntryList {
  /// Returns the entries that a typed name refers to. It is compared with the names as they are shown.
  ///
  /// A name with `#` and at least four digits of the GUID keeps its meaning when the login no longer shares its name, or
  /// when more digits are shown.
  ///
  /// - Parameter text: the name as typed. Leading slashes are dropped.
  /// - Returns: no entry, one entry, or several among which the name does not distinguish.
  func exact(_ text: String) -> [Entry] {
    let typed = ShownName.typed(text)
    guard !typed.isEmpty else { return [] }
    if let row = row(shown: typed) { return [entry(row)] }
    let sharing = rows(plain: typed)
    if !sharing.isEmpty { return sharing.map(entry) }
    var matches: [Entry] = []
    for mark in typed.utf8.indices where typed.utf8[mark] == UInt8(ascii: "#") {
      let digits = typed.utf8[typed.utf8.index(after: mark)...]
      guard digits.count >= GUIDDigits.leastCount else { continue }
      let name = String(typed[..<mark])
      let candidates = rows(plain: name) + [row(shown: name)].compactMap { $0 }
      matches += candidates.filter { row in
        row.plainCount == UInt32(name.utf8.count)
          && storage.withUnsafeBytes { GUIDDigits(Self.guid(row, in: $0)) }.text.starts(with: digits)
      }.map(entry)
    }
    return matches
  }

  /// Returns the row with a name; `nil` if there is none, or several.
  private func row(shown name: String) -> Row? {
    let text = Array(name.utf8) + EntryOrder.suffix
    return storage.withUnsafeBytes { storage in
      let first = rows.partition { EntryOrder.precedes($0, text, storage) }
      func isNamed(_ index: Int) -> Bool {
        index < rows.count && Int(rows[index].nameCount) == name.utf8.count
          && EntryOrder.begins(rows[index], with: Array(name.utf8), storage)
      }
      return isNamed(first) && !isNamed(first + 1) ? rows[first] : nil
    }
  }

  /// Returns the rows with `#` and digits after a name.
  private func rows(plain name: String) -> [Row] {
    let count = UInt32(name.utf8.count)
    return beginning(with: name + "#").indices.map { rows[$0] }.filter { $0.plainCount == count }
  }
}
