/// Searching in a secret that is text, without copying it.
extension SecretBytes {
  /// Returns whether the secret begins with an ASCII text.
  func begins(with prefix: StaticString) -> Bool {
    withUnsafeBytes { $0.starts(with: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)) }
  }

  /// Returns the first position of a byte.
  func firstIndex(of byte: UInt8) -> Int? { withUnsafeBytes { $0.firstIndex(of: byte) } }

  /// Returns the ranges between the occurrences of a byte; one more than there are occurrences.
  func parts(separatedBy separator: UInt8) -> [Range<Int>] {
    withUnsafeBytes { bytes in
      var ranges: [Range<Int>] = []
      var start = 0
      for position in bytes.indices where bytes[position] == separator {
        ranges.append(start..<position)
        start = position + 1
      }
      return ranges + [start..<bytes.count]
    }
  }

  /// The secret without spaces, tabs and line ends at its ends; it shares the storage.
  package var trimmed: SecretBytes {
    let range: Range<Int> = withUnsafeBytes { bytes in
      let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
      guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
      else { return 0..<0 }
      return first..<last + 1
    }
    return self[range]
  }

  /// Whether the secret is one or more ASCII digits.
  var isDecimal: Bool { withUnsafeBytes { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } } }

  /// The value of the digits; `nil` if there is another character, or for a number over 64 bits.
  var decimal: UInt64? {
    guard isDecimal else { return nil }
    return withUnsafeBytes { digits in
      var value: UInt64 = 0
      for digit in digits {
        let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
        let (sum, isOver) = tens.addingReportingOverflow(UInt64(digit - 0x30))
        guard !isTooLarge, !isOver else { return nil }
        value = sum
      }
      return value
    }
  }
}
