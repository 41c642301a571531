extension EntryList {
  /// Collects the logins of a list.
  struct Builder: Sendable {
    private var storage: [UInt8] = []
    private var rows: [Row] = []

    /// Makes a builder.
    ///
    /// - Parameter count: the expected number of logins.
    public init(count: Int = 0) {
      storage.reserveCapacity(count * 96)
      rows.reserveCapacity(count)
    }

    /// Adds a login.
    public mutating func append(_ source: Source) {
      var (name, guid) = (source.name, source.guid)
      name.withUTF8 { name in
        guid.withUTF8 { guid in
          append(
            name: UnsafeRawBufferPointer(name), guid: UnsafeRawBufferPointer(guid), isForm: source.isForm,
            kind: source.kind)
        }
      }
    }

    /// Adds a login. This is fastest if the logins come in the list's order.
    ///
    /// - Parameters:
    ///   - name: the login's name as UTF-8 without `#` and digits, as in `Source`. It is brought into its shown
    ///     form.
    ///   - guid: the login's GUID.
    ///   - isForm: whether it is a form login.
    ///   - kind: what the name consists of.
    mutating func append(name: UnsafeRawBufferPointer, guid: UnsafeRawBufferPointer, isForm: Bool, kind: NameKind) {
      let start = storage.count
      let name = name.assumingMemoryBound(to: UInt8.self)
      if ShownName.isShown(name) { storage.append(contentsOf: name) } else { ShownName.append(name, to: &storage) }
      let count = UInt32(storage.count - start)
      storage.append(contentsOf: EntryOrder.suffix)
      rows.append(
        Row(
          name: UInt32(start), nameCount: count, plainCount: count, guid: UInt32(storage.count),
          guidCount: UInt32(guid.count), isForm: isForm, kind: kind, source: UInt32(rows.count)))
      storage.append(contentsOf: guid)
    }

    /// Returns the list.
    public consuming func finish() -> EntryList {
      sort()
      if hasSharedNames { distinguish() }
      return EntryList(storage: SecretBytes(copying: storage), rows: rows)
    }

    private mutating func sort() {
      storage.withUnsafeBytes { storage in rows.sort { EntryOrder.precedes($0, $1, storage) } }
    }

    private var hasSharedNames: Bool {
      storage.withUnsafeBytes { storage in
        rows.indices.dropFirst().contains { EntryOrder.isSameName(rows[$0 - 1], rows[$0], storage) }
      }
    }

    /// The ranges of rows that share a name. The rows are sorted.
    private var groups: [Range<Int>] {
      storage.withUnsafeBytes { storage in
        var groups: [Range<Int>] = []
        var start = 0
        while start < rows.count {
          var end = start + 1
          while end < rows.count, EntryOrder.isSameName(rows[start], rows[end], storage) { end += 1 }
          if end - start > 1 { groups.append(start..<end) }
          start = end
        }
        return groups
      }
    }

    /// Appends `#` and digits to shared names until no name is shared.
    private mutating func distinguish() {
      for group in groups {
        let digits = group.map { GUIDDigits(storage[guidRange(rows[$0])]) }
        let counts = GUIDDigits.uniqueCounts(digits)
        let forms = group.filter { rows[$0].isForm }
        for (index, row) in group.enumerated() where forms.count != 1 || row != forms[0] {
          rename(row, digits[index], count: counts[index])
        }
      }
      // A user name or own name can look like a name with digits. Such names are longer than a GUID at most.
      for _ in 0...GUIDDigits.mostCount {
        sort()
        let groups = groups
        if groups.isEmpty { return }
        for group in groups { lengthen(group) }
      }
    }

    /// Makes the names of a group differ by one more digit, or by the first digits of those that have none.
    private mutating func lengthen(_ group: Range<Int>) {
      let digits = group.map { GUIDDigits(storage[guidRange(rows[$0])]) }
      let present = group.map { max(0, Int(rows[$0].nameCount) - Int(rows[$0].plainCount) - 1) }
      let growing = group.indices.filter { index in
        let count = present[index - group.lowerBound]
        return count > 0 && count < digits[index - group.lowerBound].text.count
      }
      let plain = group.indices.filter { present[$0 - group.lowerBound] == 0 }
      for row in growing.isEmpty ? plain : growing {
        let index = row - group.lowerBound
        rename(row, digits[index], count: max(GUIDDigits.leastCount, present[index] + 1))
      }
    }

    private func guidRange(_ row: Row) -> Range<Int> { Int(row.guid)..<Int(row.guid + row.guidCount) }

    /// Gives a row its plain name, `#` and digits as its name.
    private mutating func rename(_ index: Int, _ digits: GUIDDigits, count: Int) {
      let row = rows[index]
      let start = storage.count
      storage += Array(storage[Int(row.name)..<Int(row.name + row.plainCount)])
      storage.append(UInt8(ascii: "#"))
      storage += digits.text.prefix(count)
      rows[index].name = UInt32(start)
      rows[index].nameCount = UInt32(storage.count - start)
      storage += EntryOrder.suffix
    }
  }
}
