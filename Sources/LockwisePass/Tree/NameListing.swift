import LockwiseCore

/// Names as text for programs.
enum NameListing {
  /// Returns the full names, one in a line. Names contain no line feeds.
  static func lines(_ rows: ArraySlice<EntryList.Row>, of list: EntryList) -> [UInt8] {
    list.storage.withUnsafeBytes { storage in
      var output: [UInt8] = []
      output.reserveCapacity(rows.count * 48)
      for row in rows {
        output += storage[Int(row.name)..<Int(row.name + row.nameCount)]
        output.append(UInt8(ascii: "\n"))
      }
      return output
    }
  }

  /// Returns the full names and the GUIDs as a JSON array of objects, one in a line.
  static func json(_ rows: ArraySlice<EntryList.Row>, of list: EntryList) -> [UInt8] {
    guard !rows.isEmpty else { return Array("[]\n".utf8) }
    return list.storage.withUnsafeBytes { storage in
      var output = Array("[".utf8)
      output.reserveCapacity(rows.count * 128)
      for (index, row) in rows.enumerated() {
        output += (index == 0 ? "\n" : ",\n").utf8
        output += #"{"name":""#.utf8
        appendEscaped(storage[Int(row.name)..<Int(row.name + row.nameCount)], to: &output)
        output += #"","guid":""#.utf8
        appendEscaped(storage[Int(row.guid)..<Int(row.guid + row.guidCount)], to: &output)
        output += #""}"#.utf8
      }
      output += "\n]\n".utf8
      return output
    }
  }

  /// Appends the characters of a JSON string (RFC 8259 section 7). There are no control characters among them.
  private static func appendEscaped(_ text: Slice<UnsafeRawBufferPointer>, to output: inout [UInt8]) {
    for byte in text {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { output.append(UInt8(ascii: "\\")) }
      output.append(byte)
    }
  }
}
