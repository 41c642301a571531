/// The characters of a generated password, written as an array of tr(1): characters, ranges (`a-z`), classes
/// (`[:alnum:]`), escapes (`\\`, `\n`, `\101`). It means what GNU `tr -d -c SET` keeps in the C locale.
public struct PasswordCharacters: Equatable, Sendable {
  /// The reason why a text is not an array.
  public enum Failure: Error, Equatable, Sendable {
    /// The end of a range precedes its beginning.
    case reversedRange(String)
    /// There is no class of this name.
    case invalidClass(String)
    /// The brackets of a class or an equivalence class are empty.
    case emptyBrackets
    /// An equivalence class has several characters.
    case invalidEquivalenceClass
    /// `[c*]` fills up the second array, which there is not.
    case unboundedRepeat
    /// The number in `[c*n]` is invalid.
    case invalidRepeat(String)
  }

  /// The characters, as bytes in ascending order without duplicates.
  public let bytes: [UInt8]

  /// All printable ASCII characters but the space: pass's default.
  public static let all = PasswordCharacters(bytes: Array(0x21...0x7E))
  /// Letters and digits: pass's default for `--no-symbols`.
  public static let alphanumeric = PasswordCharacters(bytes: PasswordCharacterClass.alnum.bytes)

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads an array.
  ///
  /// - Throws: `Failure` where tr(1) fails.
  public init(_ text: String) throws(Failure) {
    var reader = Reader(text: Array(text.utf8))
    while let next = try reader.next() { reader.found.formUnion(next) }
    bytes = reader.found.sorted()
  }
}

extension PasswordCharacters {
  /// A character and whether a backslash precedes it, so that it has no special meaning.
  private struct Unit {
    let byte: UInt8
    let isEscaped: Bool

    func isSpecial(_ character: Unicode.Scalar) -> Bool { !isEscaped && byte == UInt8(ascii: character) }
  }

  /// Reads one construct after another.
  private struct Reader {
    private let units: [Unit]
    private var position = 0
    var found: Set<UInt8> = []

    init(text: [UInt8]) { units = Self.unescaped(text) }

    /// Returns the bytes of the next construct; `nil` at the end. The last two characters are never special.
    mutating func next() throws(Failure) -> [UInt8]? {
      guard position < units.count else { return nil }
      if position + 2 < units.count {
        if units[position].isSpecial("["), let bytes = try bracketed() { return bytes }
        if units[position + 1].isSpecial("-") { return try range() }
      }
      position += 1
      return [units[position - 1].byte]
    }

    private mutating func range() throws(Failure) -> [UInt8] {
      let (first, last) = (units[position].byte, units[position + 2].byte)
      guard first <= last else { throw .reversedRange(text(position..<position + 3)) }
      position += 3
      return Array(first...last)
    }

    /// Returns the bytes of a class, an equivalence class or a repetition; `nil` if the bracket is an ordinary one.
    private mutating func bracketed() throws(Failure) -> [UInt8]? {
      for kind in [":", "="] as [Unicode.Scalar] where units[position + 1].isSpecial(kind) {
        guard let end = closing(kind) else { break }
        let name = position + 2..<end
        guard !name.isEmpty else { throw .emptyBrackets }
        if let bytes = Self.members(text(name), units[name].map(\.byte), isClass: kind == ":") {
          position = end + 2
          return bytes
        }
        // `[:*]…:]` can still be a repetition of the colon.
        guard isRepetition(of: position + 1) else {
          throw kind == ":" ? .invalidClass(text(name)) : .invalidEquivalenceClass
        }
        break
      }
      return try repetition()
    }

    private static func members(_ name: String, _ bytes: [UInt8], isClass: Bool) -> [UInt8]? {
      isClass ? PasswordCharacterClass(rawValue: name)?.bytes : bytes.count == 1 ? bytes : nil
    }

    /// Returns where `:]` or `=]` begins.
    private func closing(_ kind: Unicode.Scalar) -> Int? {
      (position + 2..<units.count - 1).first { units[$0].isSpecial(kind) && units[$0 + 1].isSpecial("]") }
    }

    /// Returns whether `*`, decimal digits and `]` follow a character.
    private func isRepetition(of character: Int) -> Bool {
      guard character + 1 < units.count, units[character + 1].isSpecial("*") else { return false }
      let rest = units[(character + 2)...].drop { (0x30...0x39).contains($0.byte) }
      return rest.first?.isSpecial("]") == true
    }

    /// Returns the character of `[c*n]`; `nil` if it is not one.
    private mutating func repetition() throws(Failure) -> [UInt8]? {
      let digits = position + 3
      guard units[position + 2].isSpecial("*"), digits < units.count,
        let end = units[digits...].prefix(while: { !$0.isEscaped }).firstIndex(where: { $0.isSpecial("]") })
      else { return nil }
      let number = text(digits..<end)
      guard !number.isEmpty else { throw .unboundedRepeat }
      // strtoumax(3) skips white space and a sign; a number that begins with 0 is octal.
      let digitsOnly = number.drop { " \t\n\r\u{0B}\u{0C}".contains($0) }
      guard let count = UInt64(digitsOnly, radix: number.hasPrefix("0") ? 8 : 10), count < UInt64.max,
        digitsOnly.first != "-"
      else { throw .invalidRepeat(number) }
      guard count > 0 else { throw .unboundedRepeat }
      let byte = units[position + 1].byte
      position = end + 1
      return [byte]
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: units[range].map(\.byte), as: UTF8.self) }

    private static func unescaped(_ text: [UInt8]) -> [Unit] {
      var units: [Unit] = []
      var position = 0
      while position < text.count {
        let byte = text[position]
        position += 1
        guard byte == UInt8(ascii: "\\"), position < text.count else {
          units.append(Unit(byte: byte, isEscaped: false))
          continue
        }
        units.append(Unit(byte: escape(in: text, at: &position), isEscaped: true))
      }
      return units
    }

    /// Returns the character of an escape whose backslash has been read, and moves past it.
    private static func escape(in text: [UInt8], at position: inout Int) -> UInt8 {
      let isOctal: (UInt8) -> Bool = { (0x30...0x37).contains($0) }
      var value = 0
      let digits = text[position...].prefix(3).prefix(while: isOctal)
      guard digits.isEmpty else {
        for digit in digits where value * 8 + Int(digit - 0x30) <= 0xFF {
          value = value * 8 + Int(digit - 0x30)
          position += 1
        }
        return UInt8(value)
      }
      position += 1
      switch text[position - 1] {
      case UInt8(ascii: "a"): return 0x07
      case UInt8(ascii: "b"): return 0x08
      case UInt8(ascii: "f"): return 0x0C
      case UInt8(ascii: "n"): return 0x0A
      case UInt8(ascii: "r"): return 0x0D
      case UInt8(ascii: "t"): return 0x09
      case UInt8(ascii: "v"): return 0x0B
      case let byte: return byte
      }
    }
  }
}

extension PasswordCharacters.Failure: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    UserFacingError("cannot use the character set: \(reason)", exitCode: .failure)
  }

  private var reason: String {
    switch self {
    case .reversedRange(let text): "the range \(text) is reversed"
    case .invalidClass(let name): "[:\(name):] is not a character class"
    case .emptyBrackets: "an empty pair of brackets"
    case .invalidEquivalenceClass: "an equivalence class has one character"
    case .unboundedRepeat: "a repetition needs a number"
    case .invalidRepeat(let number): "\(number) is not a number of repetitions"
    }
  }
}

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
