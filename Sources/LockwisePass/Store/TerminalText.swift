import LockwiseCore

/// Secrets made safe for a terminal.
enum TerminalText {
  /// Returns a text with its control characters replaced by `?`, so that it cannot steer a terminal. Line feeds and
  /// tabs stay, and so does a carriage return before a line feed.
  static func of(_ text: SecretBytes) -> SecretBytes {
    text.withUnsafeBytes { bytes in
      guard bytes.indices.contains(where: { isControl(bytes, $0) }) else { return text }
      var builder = SecretBuilder(capacity: bytes.count)
      var index = 0
      while index < bytes.count {
        guard isControl(bytes, index) else {
          builder.append(bytes[index])
          index += 1
          continue
        }
        builder.append(UInt8(ascii: "?"))
        index += bytes[index] == 0xC2 ? 2 : 1
      }
      return builder.finish()
    }
  }

  /// Returns bodies with their control characters replaced by `?`.
  static func of(_ bodies: EntryBodies) -> EntryBodies {
    // Usually there are none, and no body needs to be copied.
    let hasControls = bodies.text.withUnsafeBytes { bytes in bytes.indices.contains { isControl(bytes, $0) } }
    return hasControls ? EntryBodies((0..<bodies.count).map { of(bodies[$0]) }) : bodies
  }

  /// Returns whether a control character begins at a position: C0, DEL, or C1 in UTF-8.
  private static func isControl(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    switch bytes[index] {
    case 0x09, 0x0A: false
    case 0x0D: index + 1 == bytes.count || bytes[index + 1] != 0x0A
    case ..<0x20, 0x7F: true
    case 0xC2: index + 1 < bytes.count && (0x80..<0xA0).contains(bytes[index + 1])
    default: false
    }
  }
}
