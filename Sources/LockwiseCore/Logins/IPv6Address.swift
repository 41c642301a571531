/// An IPv6 address in its canonical text form (RFC 5952).
struct IPv6Address: CustomStringConvertible {
  private let groups: [UInt16]

  /// Parses an address without brackets and zone (RFC 4291 section 2.2); `nil` if it is invalid.
  init?(_ text: String) {
    guard let gap = text.utf8.firstRange(of: "::") else {
      guard let all = Self.groups(text[...], mayEndInIPv4: true), all.count == 8 else { return nil }
      groups = all
      return
    }
    guard let head = Self.groups(text[..<gap.lowerBound], mayEndInIPv4: false),
      let tail = Self.groups(text[gap.upperBound...], mayEndInIPv4: true), head.count + tail.count < 8
    else { return nil }
    groups = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if mayEndInIPv4, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
        let bytes = part.split(separator: ".", omittingEmptySubsequences: false).map(octet)
        guard bytes.count == 4, let a = bytes[0], let b = bytes[1], let c = bytes[2], let d = bytes[3] else {
          return nil
        }
        groups += [UInt16(a) << 8 | UInt16(b), UInt16(c) << 8 | UInt16(d)]
        continue
      }
      guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit),
        let value = UInt16(part, radix: 16)
      else { return nil }
      groups.append(value)
    }
    return groups
  }

  private static func octet(_ text: Substring) -> UInt8? {
    guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
      text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0")
    else { return nil }
    return UInt8(text)
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
  }

  /// The address with its longest run of two or more zero groups written as `::` (RFC 5952 section 4.2).
  var description: String {
    var best = 0..<0
    var start = 0
    while start < 8 {
      guard groups[start] == 0 else {
        start += 1
        continue
      }
      let end = groups[start...].firstIndex { $0 != 0 } ?? 8
      if end - start >= 2, end - start > best.count { best = start..<end }
      start = end
    }
    func text(_ part: ArraySlice<UInt16>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    return best.isEmpty
      ? text(groups[...]) : text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
  }
}
