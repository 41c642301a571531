/// Writes a JSON object member by member, in memory that is wiped.
public struct JSONObjectWriter {
  private var builder: SecretBuilder
  private var isEmpty = true

  /// Starts an object.
  public init() {
    builder = SecretBuilder()
    builder.append(UInt8(ascii: "{"))
  }

  private mutating func name(_ name: String) {
    if !isEmpty { builder.append(UInt8(ascii: ",")) }
    isEmpty = false
    SecretBytes(utf8: name).withUnsafeBytes { JSONString.encode($0, into: &builder) }
    builder.append(UInt8(ascii: ":"))
  }

  /// Adds a string.
  public mutating func member(_ name: String, _ value: String) {
    member(name, secret: SecretBytes(utf8: value))
  }

  /// Adds a secret string.
  public mutating func member(_ name: String, secret value: SecretBytes) {
    self.name(name)
    value.withUnsafeBytes { JSONString.encode($0, into: &builder) }
  }

  /// Adds a whole number.
  public mutating func member(_ name: String, _ value: Int64) {
    self.name(name)
    builder.append(String(value))
  }

  /// Adds a Boolean.
  public mutating func member(_ name: String, _ value: Bool) {
    self.name(name)
    builder.append(value ? "true" : "false")
  }

  /// Adds `null`.
  public mutating func memberNull(_ name: String) {
    self.name(name)
    builder.append("null")
  }

  /// Adds a value given as JSON.
  public mutating func member(_ name: String, json value: SecretBytes) {
    self.name(name)
    builder.append(value)
  }

  /// Adds an array of values given as JSON.
  public mutating func member(_ name: String, jsonArray values: [SecretBytes]) {
    self.name(name)
    builder.append(JSONText.array(values))
  }

  /// Closes the object and returns its text. The writer must not be used afterwards.
  public mutating func finish() -> SecretBytes {
    builder.append(UInt8(ascii: "}"))
    return builder.finish()
  }
}
