/// A JSON object's text (RFC 8259), in which one member is added or removed and every other byte stays as it is.
package struct JSONObjectText {
  /// Bytes to insert at a position of the text.
  package struct Insertion: Equatable, Sendable {
    /// The position.
    package let position: Int
    /// The bytes.
    package let bytes: [UInt8]
  }

  private let text: SecretBytes
  /// The position of the opening brace; `nil` if the text has only white space.
  private let start: Int?
  /// The position of the closing brace.
  private let end: Int
  private let ranges: [JSONObject.MemberRange]

  /// Finds the members of an object.
  ///
  /// - Parameter text: UTF-8; arrays and objects nest at most 64 deep. A text of white space means that there is no
  ///   object yet.
  /// - Throws: `JSONError` with the position of the first wrong byte. Comments and a byte order mark are wrong.
  package init(_ text: SecretBytes) throws {
    self.text = text
    let isBlank = text.withUnsafeBytes { $0.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) } }
    guard !isBlank else {
      (start, end, ranges) = (nil, 0, [])
      return
    }
    (start, end, ranges) = try text.withUnsafeBytes { bytes in
      try JSONScanner.scan(bytes) { (scanner) throws(JSONError) in
        guard scanner.current == UInt8(ascii: "{") else { throw JSONError(position: scanner.position) }
        let start = scanner.position
        let ranges = try scanner.members()
        return (start, scanner.position - 1, ranges)
      }
    }
  }

  /// Whether the object has no members.
  package var isEmpty: Bool { ranges.isEmpty }

  /// The object's members, in the order of the text, repeated names included.
  package var members: [JSONObject.Member] { JSONObject(document: text, ranges: ranges).members }

  /// Returns what to insert for a new first member. The white space is that of the present first member.
  ///
  /// - Parameters:
  ///   - name: the member's name, which no member has.
  ///   - value: the string.
  package func insertion(of name: String, _ value: String) -> Insertion {
    func member(_ colon: String) -> [UInt8] {
      var builder = SecretBuilder()
      builder.append(name.json)
      builder.append(colon)
      builder.append(value.json)
      return builder.finish().withUnsafeBytes { Array($0) }
    }
    guard let start else {
      return Insertion(position: text.count, bytes: Array("{\n\t".utf8) + member(": ") + Array("\n}\n".utf8))
    }
    guard let first = ranges.first else {
      return Insertion(position: start + 1, bytes: Array("\n\t".utf8) + member(": ") + [0x0A])
    }
    let place = first.name.lowerBound - 1
    let space = text.withUnsafeBytes { Array($0[(start + 1)..<place]) }
    return Insertion(
      position: place, bytes: member(space.isEmpty ? ":" : ": ") + [UInt8(ascii: ",")] + space)
  }

  /// Returns what to remove so that the first member with this name and string is gone; `nil` if there is none.
  package func removal(of name: String, _ value: String) -> Range<Int>? {
    let members = members
    guard
      let index = members.firstIndex(where: {
        $0.name.isSameText(as: name) && $0.value.string?.isSameText(as: value) == true
      }), let start
    else { return nil }
    if ranges.count == 1 { return start + 1..<end }
    let quote = ranges[index].name.lowerBound - 1
    if index + 1 < ranges.count { return quote..<ranges[index + 1].name.lowerBound - 1 }
    return ranges[index - 1].value.upperBound..<ranges[index].value.upperBound
  }
}
