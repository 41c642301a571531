import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

/// A comparison of this parser and Foundation's with random texts, intact and damaged. They must agree on validity and
/// values, except for the cases of `Difference`.
@Suite struct JSONDifferentialTests {
  /// The known deviations of Foundation, with a check for each.
  private enum Difference: CaseIterable {
    /// Foundation accepts a byte order mark, and UTF-16 and UTF-32, which it recognises by NULs at the start.
    case encoding
    /// Foundation refuses lone escaped surrogates, which RFC 8259 section 8.2 allows.
    case loneSurrogate
    /// Foundation refuses numbers beyond the range of Double.
    case numberOutOfRange

    func explains(_ text: [UInt8], ours: Bool) -> Bool {
      switch self {
      case .encoding:
        !ours
          && (text.starts(with: [0xEF, 0xBB, 0xBF])
            || text.prefix(4).contains { [0, 0xFE, 0xFF].contains($0) })
      case .loneSurrogate: ours && Self.contains(#"\\u[dD][89a-fA-F]"#, in: text)
      case .numberOutOfRange: ours && Self.contains(#"[eE]\+?[0-9]{3}"#, in: text)
      }
    }

    private static func contains(_ pattern: String, in text: [UInt8]) -> Bool {
      String(decoding: text, as: UTF8.self).range(of: pattern, options: .regularExpression) != nil
    }
  }

  @Test func agreesWithFoundation() {
    var generator = SeededGenerator(seed: 8259)
    var accepted = 0
    var explained = 0
    for round in 0..<20_000 {
      var text = RandomJSON.text(using: &generator)
      if round % 4 != 0 { RandomJSON.damage(&text, using: &generator) }
      let ours = try? JSONValue(parsing: SecretBytes(copying: text))
      let theirs = try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
      switch (ours, theirs) {
      case (let ours?, let theirs?):
        accepted += 1
        #expect(Self.agree(ours, theirs), "round \(round): \(Self.show(text))")
      case (nil, nil): break
      default:
        explained += 1
        #expect(
          Difference.allCases.contains { $0.explains(text, ours: ours != nil) },
          "round \(round), ours \(ours != nil): \(Self.show(text))")
      }
    }
    #expect(accepted > 5000, "enough texts that are JSON: \(accepted)")
    #expect(explained < 1000, "few differences: \(explained)")
  }

  private static func show(_ text: [UInt8]) -> String {
    String(decoding: text, as: UTF8.self).debugDescription
  }

  private static func agree(_ ours: JSONValue, _ theirs: Any) -> Bool {
    switch theirs {
    case is NSNull: return ours.isNull
    case let text as String: return ours.string.map { Array($0.utf8) } == Array(text.utf8)
    case let array as [Any]:
      guard let elements = ours.array, elements.count == array.count else { return false }
      return zip(elements, array).allSatisfy { agree($0, $1) }
    case let object as [String: Any]:
      guard let members = ours.object else { return false }
      return Set(members.members.map(\.name)) == Set(object.keys)
        && object.allSatisfy { name, value in members[name].map { agree($0, value) } ?? false }
    case let number as NSNumber:
      // NSNumber stores a Boolean as a C char.
      if String(cString: number.objCType) == "c" { return ours.bool == number.boolValue }
      // Foundation reads long numbers through Decimal, which rounds a second time.
      let theirs = number.doubleValue
      return ours.number.flatMap(Double.init).map { abs($0 - theirs) <= abs(theirs) * 1e-14 } ?? false
    default: return false
    }
  }
}

/// Generates JSON texts with every construct and damages them.
private enum RandomJSON {
  static func text(using generator: inout SeededGenerator) -> [UInt8] {
    var text = ""
    space(&text, &generator)
    value(&text, depth: 0, &generator)
    space(&text, &generator)
    return Array(text.utf8)
  }

  static func damage(_ text: inout [UInt8], using generator: inout SeededGenerator) {
    let units =
      Array("{}[]\",:\\u0123456789abdEe+-.tfn \n\t/".utf8) + [0, 0x1F, 0x7F, 0x80, 0xC0, 0xC3, 0xED, 0xFF]
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let position = text.isEmpty ? 0 : Int.random(in: 0..<text.count, using: &generator)
      let unit = units.randomElement(using: &generator) ?? 0
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: text.insert(unit, at: position)
      case 1: if !text.isEmpty { text.remove(at: position) }
      case 2: if !text.isEmpty { text[position] = unit }
      case 3: if !text.isEmpty { text[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
      case 4: text.removeSubrange(position...)
      default:
        let end = Int.random(in: position...min(text.count, position + 8), using: &generator)
        text.insert(contentsOf: text[position..<end], at: position)
      }
    }
  }

  private static func space(_ text: inout String, _ generator: inout SeededGenerator) {
    text += ["", "", "", " ", "\n", "\t", "\r\n", "  "].randomElement(using: &generator) ?? ""
  }

  private static func value(_ text: inout String, depth: Int, _ generator: inout SeededGenerator) {
    switch Int.random(in: 0..<(depth < 5 ? 9 : 6), using: &generator) {
    case 0: text += "null"
    case 1: text += Bool.random(using: &generator) ? "true" : "false"
    case 2, 3: number(&text, &generator)
    case 4, 5: string(&text, &generator)
    case 6: items(&text, "[", "]", &generator) { value(&$0, depth: depth + 1, &$1) }
    default:
      items(&text, "{", "}", &generator) { text, generator in
        string(&text, &generator)
        space(&text, &generator)
        text += ":"
        space(&text, &generator)
        value(&text, depth: depth + 1, &generator)
      }
    }
  }

  private static func items(
    _ text: inout String, _ open: String, _ close: String, _ generator: inout SeededGenerator,
    _ item: (inout String, inout SeededGenerator) -> Void
  ) {
    text += open
    space(&text, &generator)
    for index in 0..<Int.random(in: 0...4, using: &generator) {
      if index > 0 {
        text += ","
        space(&text, &generator)
      }
      item(&text, &generator)
      space(&text, &generator)
    }
    text += close
  }

  private static func number(_ text: inout String, _ generator: inout SeededGenerator) {
    func digits(_ limit: Int) -> String {
      (0..<Int.random(in: 1...limit, using: &generator)).map { _ in
        String(Int.random(in: 0...9, using: &generator))
      }.joined()
    }
    if Bool.random(using: &generator) { text += "-" }
    text += Bool.random(using: &generator) ? "0" : "\(Int.random(in: 1...9, using: &generator))" + digits(20)
    if Bool.random(using: &generator) { text += "." + digits(20) }
    if Int.random(in: 0..<4, using: &generator) == 0 {
      text += (["e", "E", "e+", "e-", "E-"].randomElement(using: &generator) ?? "e") + digits(3)
    }
  }

  private static func string(_ text: inout String, _ generator: inout SeededGenerator) {
    let pieces = [
      "a", "b", "id", "Z", " ", "/", "'", "é", "ß", "€", "😀", "\u{7F}", "\u{2028}", "\\\"",
      "\\\\", "\\/",
      "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u0041", "\\u00e9", "\\u20AC", "\\ud83d\\ude00",
      "\\uDBFF\\uDFFF",
    ]
    text += "\""
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      text += pieces.randomElement(using: &generator) ?? ""
    }
    text += "\""
  }
}
