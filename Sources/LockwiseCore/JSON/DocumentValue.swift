/// A value of a member of a stored document.
package protocol DocumentValue {
  /// Reads the value; `nil` if it has another type or is invalid.
  init?(stored value: JSONValue)

  /// The value as JSON.
  var json: SecretBytes { get }
}

extension String: DocumentValue {
  /// Reads a string.
  package init?(stored value: JSONValue) {
    guard let text = value.string else { return nil }
    self = text
  }

  /// The string as JSON.
  package var json: SecretBytes { JSONText.string(SecretBytes(utf8: self)) }
}

/// Secrets are stored as strings. So are records inside a document: as objects they could exceed the reader's nesting
/// limit.
extension SecretBytes: DocumentValue {
  /// Reads a string in memory that is wiped.
  package init?(stored value: JSONValue) {
    guard let secret = value.secret else { return nil }
    self = secret
  }

  /// The secret as a JSON string.
  package var json: SecretBytes { JSONText.string(self) }
}

extension Int64: DocumentValue {
  /// Reads a number. A fraction is cut off.
  package init?(stored value: JSONValue) {
    guard let number = value.integer else { return nil }
    self = number
  }

  /// The number as JSON.
  package var json: SecretBytes { SecretBytes(utf8: String(self)) }
}

extension Int: DocumentValue {
  /// Reads a number. A fraction is cut off.
  package init?(stored value: JSONValue) {
    guard let number = value.integer.flatMap(Int.init(exactly:)) else { return nil }
    self = number
  }

  /// The number as JSON.
  package var json: SecretBytes { SecretBytes(utf8: String(self)) }
}

extension Bool: DocumentValue {
  /// Reads a Boolean.
  package init?(stored value: JSONValue) {
    guard let bool = value.bool else { return nil }
    self = bool
  }

  /// The Boolean as JSON.
  package var json: SecretBytes { SecretBytes(utf8: self ? "true" : "false") }
}

extension Array: DocumentValue where Element: DocumentValue {
  /// Reads an array; `nil` if one of its elements is invalid.
  package init?(stored value: JSONValue) {
    guard let values = value.array else { return nil }
    let elements = values.compactMap { Element(stored: $0) }
    guard elements.count == values.count else { return nil }
    self = elements
  }

  /// The array as JSON.
  package var json: SecretBytes { JSONText.array(map(\.json)) }
}

/// Bytes that are stored as hexadecimal digits.
package struct HexBytes: DocumentValue, Equatable, Sendable {
  /// The bytes.
  package let bytes: [UInt8]

  /// Makes a value.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads hexadecimal digits.
  package init?(stored value: JSONValue) {
    guard let bytes = value.string.flatMap({ Hex.decode($0) }) else { return nil }
    self.bytes = bytes
  }

  /// The digits as a JSON string.
  package var json: SecretBytes { Hex.encode(bytes).json }
}
