import LockwiseCore

/// Names as text for programs.
enum NameListing {
  /// Returns the full names, one in a line. Names contain no line feeds.
  static func lines(_ rows: ArraySlice<EntryList.Row>, of list: EntryList) -> SecretBytes {
    list.storage.withUnsafeBytes { storage in
      var output = SecretBuilder(capacity: rows.count * 48)
      for row in rows {
        output.append(EntryList.name(row, in: storage))
        output.append(UInt8(ascii: "\n"))
      }
      return output.finish()
    }
  }

  /// Returns the full names and the GUIDs as a JSON array of objects, one in a line.
  static func json(_ rows: ArraySlice<EntryList.Row>, of list: EntryList) -> SecretBytes {
    guard !rows.isEmpty else { return SecretBytes(utf8: "[]\n") }
    return list.storage.withUnsafeBytes { storage in
      var output = SecretBuilder(capacity: rows.count * 128)
      for (index, row) in rows.enumerated() {
        output.append(index == 0 ? "[\n" : ",\n")
        output.append(#"{"name":""#)
        appendEscaped(EntryList.name(row, in: storage), to: &output)
        output.append(#"","guid":""#)
        appendEscaped(EntryList.guid(row, in: storage), to: &output)
        output.append(#""}"#)
      }
      output.append("\n]\n")
      return output.finish()
    }
  }

  /// Appends the characters of a JSON string (RFC 8259 section 7). There are no control characters among them.
  private static func appendEscaped(_ text: UnsafeRawBufferPointer, to output: inout SecretBuilder) {
    for byte in text {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { output.append(UInt8(ascii: "\\")) }
      output.append(byte)
    }
  }
}
