import Foundation

extension JSON {
  /// The JSON form of an encodable value.
  ///
  /// - Throws: what the encoder throws.
  init(encoding value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try self.init(parsing: encoder.encode(value))
  }

  /// Decodes a value from this JSON.
  ///
  /// - Throws: what the decoder throws.
  func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: encoded)
  }
}
