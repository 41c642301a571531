import LockwiseCore

/// Writes variables in the formats of `export`.
enum ExportText {
  /// Appends a line.
  static func line(_ start: String, _ value: SecretBytes, end: String = "\n", to builder: inout SecretBuilder) {
    builder.append(start)
    builder.append(value)
    builder.append(end)
  }

  /// Returns one object in a line.
  static func json(_ values: [ResolvedValue]) -> SecretBytes {
    var writer = JSONObjectWriter()
    for value in values { writer.member(value.name, secret: value.bytes) }
    return .concatenating([writer.finish(), SecretBytes(utf8: "\n")])
  }

  /// Appends a variable as `$GITHUB_ENV` has it ("Workflow commands", "Multiline strings").
  ///
  /// - Parameter random: the source of the delimiter, which no line of the value equals.
  static func github(_ value: ResolvedValue, random: some RandomSource, to builder: inout SecretBuilder) throws {
    var delimiter: String
    repeat {
      delimiter = "ghadelimiter_" + Hex.encode(try random.bytes(16))
    } while value.bytes.withUnsafeBytes { bytes in
      bytes.split(separator: 0x0A, omittingEmptySubsequences: false).contains { $0.elementsEqual(delimiter.utf8) }
    }
    line("\(value.name)<<\(delimiter)\n", value.bytes, end: "\n\(delimiter)\n", to: &builder)
  }

  /// Appends a variable as all readers of `.env` files understand it: in single quotes, in which they read what
  /// `isAmbiguousInDotenv` leaves in the same way, or plain.
  static func dotenv(_ value: ResolvedValue, to builder: inout SecretBuilder) {
    let isPlain = value.bytes.withUnsafeBytes { !$0.isEmpty && $0.allSatisfy(isPlainInDotenv) }
    line(value.name + "=", isPlain ? value.bytes : ShellWord.posix.quote(value.bytes), to: &builder)
  }

  /// Returns whether programs read a value differently, whatever quotes are around it.
  static func isAmbiguousInDotenv(_ value: UnsafeRawBufferPointer) -> Bool {
    for (index, byte) in value.enumerated() {
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\\"), 0x0D: return true
      case UInt8(ascii: "$") where index + 1 < value.count && value[index + 1] == UInt8(ascii: "{"): return true
      default: continue
      }
    }
    return false
  }

  private static func isPlainInDotenv(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "_-./:@%+,".utf8.contains(byte)
    }
  }
}
