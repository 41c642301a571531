extension EntryList {
  /// Returns the names that a mistyped name could have meant, likeliest first. They are for a person to choose from.
  ///
  /// A name is likely if it contains the text, ignoring case, or if its last part or the whole of it differs in at most
  /// one of three characters.
  ///
  /// - Parameters:
  ///   - text: the name as typed.
  ///   - limit: the most names.
  public func suggestions(for text: String, limit: Int) -> [String] {
    var bytes = ShownName.withoutLeadingSlashes(text).utf8
    while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    let typed = Self.folded(ShownName.of(String(Substring(bytes))).utf8)
    guard !typed.isEmpty, typed.count <= 256 else { return [] }
    let last = Self.lastPart(typed)
    var ranked: [(rank: Int, row: Int)] = []
    for (index, row) in rows.enumerated() {
      let name = storage.withUnsafeBytes { Self.folded(Self.name(row, in: $0)) }
      if let rank = Self.rank(name, typed: typed, last: last) { ranked.append((rank, index)) }
    }
    ranked.sort { $0.rank == $1.rank ? $0.row < $1.row : $0.rank < $1.rank }
    return ranked.prefix(limit).map { entry(rows[$0.row]).name }
  }

  /// Returns how unlikely it is that a name was meant; `nil` if it is too unlikely.
  private static func rank(_ name: [UInt8], typed: [UInt8], last: [UInt8]) -> Int? {
    if name == typed { return 0 }
    if Self.lastPart(name) == last { return 1 }
    if contains(name, typed) { return 2 }
    let limit = max(1, typed.count / 3)
    if abs(name.count - typed.count) <= limit {
      let distance = EditDistance.of(typed, name)
      if distance <= limit { return 2 + distance }
    }
    let part = Self.lastPart(name)
    let partLimit = max(1, last.count / 3)
    guard last.count > 2, abs(part.count - last.count) <= partLimit else { return nil }
    let distance = EditDistance.of(last, part)
    return distance <= partLimit ? 3 + distance : nil
  }

  private static func folded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
  }

  private static func lastPart(_ name: [UInt8]) -> [UInt8] {
    Array(name[(name.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...])
  }

  private static func contains(_ name: [UInt8], _ text: [UInt8]) -> Bool {
    guard text.count <= name.count else { return false }
    return (0...name.count - text.count).contains { name[$0...].starts(with: text) }
  }
}
