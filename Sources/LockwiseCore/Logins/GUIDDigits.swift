/// The digits of a GUID that distinguish logins of one name.
struct GUIDDigits {
  /// The fewest digits after a name.
  static let leastCount = 4
  /// The most digits: each of the 64 characters of a record id may be encoded.
  static let mostCount = 64 * 3

  /// The GUID without braces. Characters other than unreserved ones are percent-encoded, a slash for example.
  let text: [UInt8]

  /// Reads a GUID.
  init(_ guid: some Collection<UInt8>) {
    let digits = guid.filter { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
    text = Array(PercentEncoding.encode(String(decoding: digits, as: UTF8.self)).utf8)
  }

  /// Returns how many digits each GUID needs to differ from the others, at least four.
  static func uniqueCounts(_ digits: [GUIDDigits]) -> [Int] {
    let order = digits.indices.sorted { digits[$0].text.lexicographicallyPrecedes(digits[$1].text) }
    var counts = Array(repeating: leastCount, count: digits.count)
    for (left, right) in zip(order, order.dropFirst()) {
      let common = zip(digits[left].text, digits[right].text).prefix { $0 == $1 }.count
      counts[left] = max(counts[left], common + 1)
      counts[right] = max(counts[right], common + 1)
    }
    return counts
  }
}
