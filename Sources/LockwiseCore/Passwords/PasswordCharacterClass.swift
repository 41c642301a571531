/// A character class of tr(1), in the C locale (POSIX, XBD 7.3.1).
enum PasswordCharacterClass: String, CaseIterable {
  case alnum, alpha, blank, cntrl, digit, graph, lower, print, punct, space, upper, xdigit

  /// The members in ascending order.
  var bytes: [UInt8] { (0...0x7F).filter(contains) }

  private func contains(_ byte: UInt8) -> Bool {
    switch self {
    case .alnum: Self.isDigit(byte) || Self.isUpper(byte) || Self.isLower(byte)
    case .alpha: Self.isUpper(byte) || Self.isLower(byte)
    case .blank: byte == 0x20 || byte == 0x09
    case .cntrl: byte < 0x20 || byte == 0x7F
    case .digit: Self.isDigit(byte)
    case .graph: (0x21...0x7E).contains(byte)
    case .lower: Self.isLower(byte)
    case .print: (0x20...0x7E).contains(byte)
    case .punct: Self.graph.contains(byte) && !Self.alnum.contains(byte)
    case .space: byte == 0x20 || (0x09...0x0D).contains(byte)
    case .upper: Self.isUpper(byte)
    case .xdigit: Self.isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}
