import LockwiseCore

/// The text of an `.ini` file as Firefox writes it: sections in brackets, `name=value` lines.
struct IniFile {
  /// One section.
  struct Section {
    let name: String
    var values: [String: String] = [:]
  }

  /// All sections, in the order of the text.
  private(set) var sections: [Section] = []

  /// Reads a text. Lines that are neither a section nor a value are skipped, as Firefox does.
  init(_ text: SecretBytes) {
    let lines = text.withUnsafeBytes { bytes in
      bytes.split { $0 == 0x0A || $0 == 0x0D }.map { String(decoding: $0, as: UTF8.self) }
    }
    for line in lines {
      let line = line.hasPrefix("\u{FEFF}") ? String(line.dropFirst()) : line
      guard let first = line.unicodeScalars.first, first != ";", first != "#" else { continue }
      if first == "[" {
        guard let end = line.lastIndex(of: "]") else { continue }
        sections.append(Section(name: String(line[line.index(after: line.startIndex)..<end])))
      } else if let equals = line.firstIndex(of: "="), !sections.isEmpty {
        sections[sections.count - 1].values[String(line[..<equals])] = String(line[line.index(after: equals)...])
      }
    }
  }
}
