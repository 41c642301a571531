/// Reads or writes the members of a JSON object, one call for each member.
///
/// One initializer describes a document for both directions (`StoredDocument`). Each call is given the member's present
/// value. When writing, the call adds that value and returns it. When reading, the present value is `nil`, and the call
/// returns the member's value.
package struct DocumentCodec {
  /// The error for a document with a missing or invalid member. It contains nothing of the document.
  package struct Malformed: Error {
    /// Makes the error.
    package init() {}
  }

  /// The object to read; `nil` when writing.
  private let object: JSONObject?
  /// Whether a member that is not required is ignored if its value is invalid.
  private let ignoresInvalid: Bool
  private var writer = JSONObjectWriter()

  /// Reads an object.
  init(reading object: JSONObject, ignoresInvalid: Bool = false) {
    self.object = object
    self.ignoresInvalid = ignoresInvalid
  }

  /// Writes an object.
  init() {
    object = nil
    ignoresInvalid = false
  }

  /// Returns the text of the written object. The codec must not be used afterwards.
  mutating func finish() -> SecretBytes { writer.finish() }

  /// A member that must be there.
  ///
  /// - Throws: `Malformed` if it is missing or invalid.
  package mutating func required<Value: DocumentValue>(_ name: String, _ value: Value?) throws(Malformed) -> Value {
    guard let value = try optional(name, value) else { throw Malformed() }
    return value
  }

  /// A member that may be missing, which is not written if it is `nil`.
  ///
  /// - Throws: `Malformed` if it is invalid.
  package mutating func optional<Value: DocumentValue>(_ name: String, _ value: Value?) throws(Malformed) -> Value? {
    guard let object else {
      if let value { writer.member(name, json: value.json) }
      return value
    }
    guard let json = object[name] else { return nil }
    let value = Value(stored: json)
    guard value != nil || ignoresInvalid else { throw Malformed() }
    return value
  }

  /// A member that must be there and may be `null`.
  ///
  /// - Throws: `Malformed` if it is missing or invalid.
  package mutating func nullable<Value: DocumentValue>(_ name: String, _ value: Value?) throws(Malformed) -> Value? {
    guard object?[name]?.isNull != true else { return nil }
    guard object == nil, value == nil else { return try required(name, value) }
    writer.memberNull(name)
    return nil
  }

  /// An array, which is always written. A missing one is empty, and elements that are invalid are ignored.
  ///
  /// - Parameter limit: the maximum number of elements that are read.
  package mutating func list<Value: DocumentValue>(_ name: String, _ values: [Value]?, limit: Int = .max) -> [Value] {
    guard let object else {
      writer.member(name, jsonArray: (values ?? []).map(\.json))
      return values ?? []
    }
    return (object[name]?.array ?? []).prefix(limit).compactMap { Value(stored: $0) }
  }
}

/// A value that is stored as a JSON object. Unknown members are ignored, so they are lost when it is written again.
package protocol StoredDocument: DocumentValue {
  /// Whether a member that is not required is ignored if its value is invalid; by default it is an error.
  static var ignoresInvalidMembers: Bool { get }

  /// Reads or writes every member.
  ///
  /// - Parameters:
  ///   - codec: the object to read or to write.
  ///   - stored: the value to write; `nil` when reading.
  /// - Throws: `DocumentCodec.Malformed` if the object is not such a value.
  init(_ codec: inout DocumentCodec, _ stored: Self?) throws
}

extension StoredDocument {
  /// Whether a member that is not required is ignored if its value is invalid: no.
  package static var ignoresInvalidMembers: Bool { false }

  /// Reads a document; `nil` if it is not JSON or malformed.
  package init?(text: SecretBytes) {
    guard let value = try? JSONValue(parsing: text) else { return nil }
    self.init(stored: value)
  }

  /// Reads an object inside a document; `nil` if it is malformed.
  package init?(stored value: JSONValue) {
    guard let object = value.object else { return nil }
    var codec = DocumentCodec(reading: object, ignoresInvalid: Self.ignoresInvalidMembers)
    do { try self.init(&codec, nil) } catch { return nil }
  }

  /// The document's text.
  package var text: SecretBytes { json }

  /// The document as JSON.
  package var json: SecretBytes {
    var codec = DocumentCodec()
    // The value was valid when it was made, so writing it cannot fail.
    _ = try? Self(&codec, self)
    return codec.finish()
  }
}
