/// Host names of the internet in the one form in which they are compared.
package enum InternetHost {
  /// Lower case, and Punycode for labels outside ASCII.
  ///
  /// - Returns: `nil` for text that cannot be a host, and for labels that `DomainLabel` refuses: those hosts never match.
  package static func normalize(_ text: String) -> String? {
    guard !text.utf8.contains(where: isForbidden) else { return nil }
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    guard DomainLabel.isCertain(text) else { return nil }
    var labels: [String] = []
    // Not by characters: a full stop with a combining mark is a single one.
    for label in text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false) {
      guard let encoded = DomainLabel.encode(Substring(label)) else { return nil }
      labels.append(encoded)
    }
    return labels.joined(separator: ".")
  }

  /// Returns whether a byte is a forbidden domain code point of the URL Standard: a forbidden host code point, a
  /// percent sign or a control.
  static func isForbidden(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7F: true
    case UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "\\"), UInt8(ascii: "]"),
      UInt8(ascii: "^"), UInt8(ascii: "|"), UInt8(ascii: "%"):
      true
    default: false
    }
  }
}

/// Punycode (RFC 3492).
enum Punycode {
  private static let base = 36
  private static let initialBias = 72
  private static let initialN = 128

  /// Encodes a label without its prefix; `nil` on overflow.
  static func encode(_ label: [Unicode.Scalar]) -> String? {
    var output = label.filter(\.isASCII).map { UInt8($0.value) }
    let basicCount = output.count
    if basicCount > 0 { output.append(UInt8(ascii: "-")) }
    var (n, delta, bias, handled) = (initialN, 0, initialBias, basicCount)
    while handled < label.count {
      guard let next = label.lazy.map({ Int($0.value) }).filter({ $0 >= n }).min() else { return nil }
      let (product, overflow) = (next - n).multipliedReportingOverflow(by: handled + 1)
      guard !overflow else { return nil }
      delta += product
      n = next
      for scalar in label {
        if scalar.value < n { delta += 1 }
        guard scalar.value == n else { continue }
        append(delta, bias: bias, to: &output)
        bias = adapt(delta, points: handled + 1, isFirst: handled == basicCount)
        delta = 0
        handled += 1
      }
      delta += 1
      n += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Appends a variable-length integer (RFC 3492 section 6.3).
  private static func append(_ delta: Int, bias: Int, to output: inout [UInt8]) {
    var rest = delta
    var k = base
    while true {
      let threshold = min(max(k - bias, 1), 26)
      guard rest >= threshold else { break }
      output.append(digit(threshold + (rest - threshold) % (base - threshold)))
      rest = (rest - threshold) / (base - threshold)
      k += base
    }
    output.append(digit(rest))
  }

  /// Returns the adapted bias (RFC 3492 section 6.1).
  private static func adapt(_ delta: Int, points: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / points
    var k = 0
    while delta > (base - 1) * 26 / 2 {
      delta /= base - 1
      k += base
    }
    return k + base * delta / (delta + 38)
  }

  private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? value + 97 : value + 22) }
}
