import LockwiseCore

/// Writes comma-separated values in the form of Firefox's export: every value in quotes, nothing for a missing one.
package enum CSVWriter {
  /// The end of a line (RFC 4180 section 2).
  package static let lineEnd = "\r\n"

  /// Returns a line without its end.
  ///
  /// - Parameter values: the values; `nil` for a missing one.
  package static func line(_ values: [SecretBytes?]) -> SecretBytes {
    var builder = SecretBuilder(capacity: 64 + values.reduce(0) { $0 + ($1?.count ?? 0) })
    for (index, value) in values.enumerated() {
      if index > 0 { builder.append(UInt8(ascii: ",")) }
      if let value { append(value, to: &builder) }
    }
    return builder.finish()
  }

  private static func append(_ value: SecretBytes, to builder: inout SecretBuilder) {
    builder.append(UInt8(ascii: "\""))
    value.withUnsafeBytes { bytes in
      var start = 0
      while let quote = bytes[start...].firstIndex(of: UInt8(ascii: "\"")) {
        builder.append(UnsafeRawBufferPointer(rebasing: bytes[start...quote]))
        builder.append(UInt8(ascii: "\""))
        start = quote + 1
      }
      builder.append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }
    builder.append(UInt8(ascii: "\""))
  }
}
