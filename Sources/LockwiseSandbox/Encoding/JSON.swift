import Foundation

/// A JSON value that keeps the text of numbers and the order of members.
///
/// Foundation's decoders convert `1700000000.10` to a binary float, but Sync timestamps must be kept exactly.
enum JSON: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number, as its JSON text.
  case number(String)
  /// A string.
  case string(String)
  /// An array.
  case array([JSON])
  /// An object, its members in the order of the text.
  case object([Member])

  /// One member of an object.
  struct Member: Sendable, Equatable {
    /// The member's name.
    var key: String
    /// The member's value.
    var value: JSON

    /// Makes a member.
    init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }
}

extension JSON {
  /// The value of the last member with a name; nil if there is none or this is not an object.
  subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  /// The text, if this is a string.
  var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The value, if this is a number without a fraction.
  var int: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
  }

  /// The value, if this is a number.
  var double: Double? {
    guard case .number(let text) = self else { return nil }
    return Double(text)
  }

  /// The value, if this is a boolean.
  var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The elements, if this is an array.
  var list: [JSON]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The members, if this is an object.
  var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// Whether this is `null`.
  var isNull: Bool { self == .null }

  /// Makes a number from an integer.
  static func int(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

  /// Makes a string, or `null` for nil.
  static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

  /// Makes a number, or `null` for nil.
  static func optional(_ value: Int?) -> JSON { value.map { .int($0) } ?? .null }

  /// Makes an array of strings.
  static func strings(_ texts: some Sequence<String>) -> JSON { .array(texts.map { .string($0) }) }

  /// Makes an object of the members whose value is not nil.
  static func present(_ members: [(String, JSON?)]) -> JSON {
    .object(members.compactMap { key, value in value.map { Member(key, $0) } })
  }

  /// Sets or appends a member of an object; does nothing for other kinds of value.
  mutating func set(_ key: String, _ value: JSON) {
    guard case .object(var members) = self else { return }
    self = .null  // leaves `members` as the only owner of its storage, so that it is not copied
    if let index = members.lastIndex(where: { $0.key == key }) {
      members[index].value = value
    } else {
      members.append(Member(key, value))
    }
    self = .object(members)
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// Makes a string.
  init(stringLiteral value: String) { self = .string(value) }
  /// Makes a boolean.
  init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes a number.
  init(integerLiteral value: Int) { self = .number(String(value)) }
  /// Makes an array.
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// Makes an object.
  init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  /// Makes `null`.
  init(nilLiteral: ()) { self = .null }
}

extension JSON {
  /// Makes the JSON form of an encodable value.
  ///
  /// - Throws: the encoder's error.
  init(encoding value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try self.init(parsing: encoder.encode(value))
  }

  /// Decodes a value from this JSON.
  ///
  /// - Throws: the decoder's error.
  func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: encoded)
  }
}
