/// Encodes single JSON values.
public enum JSONText {
  /// Returns a JSON string with its quotes.
  public static func string(_ value: SecretBytes) -> SecretBytes {
    var builder = SecretBuilder(capacity: value.count + 2)
    value.withUnsafeBytes { JSONString.encode($0, into: &builder) }
    return builder.finish()
  }

  /// Returns a JSON array of values given as JSON.
  static func array(_ values: [SecretBytes]) -> SecretBytes {
    var builder = SecretBuilder()
    builder.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { builder.append(UInt8(ascii: ",")) }
      builder.append(value)
    }
    builder.append(UInt8(ascii: "]"))
    return builder.finish()
  }
}

extension JSONObject {
  /// Returns the text of the object with other values for some members. Every other member keeps its position and its
  /// bytes.
  ///
  /// - Parameter values: member names and their values as JSON; `nil` removes the member. New members are appended.
  public func replacing(_ values: [(name: String, json: SecretBytes?)]) -> SecretBytes {
    var writer = JSONObjectWriter()
    var written: Set<String> = []
    for member in members {
      guard let value = values.last(where: { $0.name.isSameText(as: member.name) }) else {
        writer.member(member.name, json: member.value.raw)
        continue
      }
      // The first of several members with one name gets the value; the others are removed.
      if written.insert(member.name).inserted, let json = value.json { writer.member(member.name, json: json) }
    }
    for value in values where written.insert(value.name).inserted {
      if let json = value.json { writer.member(value.name, json: json) }
    }
    return writer.finish()
  }
}
