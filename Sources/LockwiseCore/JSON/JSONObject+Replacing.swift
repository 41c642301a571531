/// Single JSON values as text.
public enum JSONText {
  /// A string.
  public static func string(_ value: SecretBytes) -> SecretBytes {
    var builder = SecretBuilder(capacity: value.count + 2)
    value.withUnsafeBytes { JSONString.encode($0, into: &builder) }
    return builder.finish()
  }
}

extension JSONObject {
  /// The text of the object with other values for some members. Every other member keeps its place and its bytes.
  ///
  /// - Parameter values: names with their values as JSON; `nil` leaves the member out. New ones come last.
  public func replacing(_ values: [(name: String, json: SecretBytes?)]) -> SecretBytes {
    var writer = JSONObjectWriter()
    var written: Set<String> = []
    for member in members {
      guard let value = values.last(where: { $0.name.isSameText(as: member.name) }) else {
        writer.member(member.name, json: member.value.raw)
        continue
      }
      // Of a name that stands there twice, only the first place is used.
      if written.insert(member.name).inserted, let json = value.json { writer.member(member.name, json: json) }
    }
    for value in values where written.insert(value.name).inserted {
      if let json = value.json { writer.member(value.name, json: json) }
    }
    return writer.finish()
  }
}
