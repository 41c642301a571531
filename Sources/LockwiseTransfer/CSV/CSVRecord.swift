import LockwiseCore

/// A field of comma-separated values.
package struct CSVField: Sendable {
  /// The value without its quotes.
  package let value: SecretBytes
  /// Whether the value was in quotes. Some programs write nothing for a missing value and `""` for an empty text.
  package let isQuoted: Bool

  /// Makes a field.
  package init(_ value: SecretBytes, isQuoted: Bool = true) {
    self.value = value
    self.isQuoted = isQuoted
  }
}

/// A record of comma-separated values.
package struct CSVRecord: Sendable {
  /// The line of the text in which the record begins, from 1.
  package let line: Int
  /// The fields, at least one.
  package let fields: [CSVField]
}
