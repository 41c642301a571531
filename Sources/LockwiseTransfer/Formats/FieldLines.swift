import LockwiseCore

/// Further fields of an item as lines `name: value` of its notes.
struct FieldLines {
  private var builder = SecretBuilder()

  /// Appends a field. Line ends in its name become spaces; those in its value stay.
  mutating func append(name: String, _ value: SecretBytes) {
    guard !value.isEmpty else { return }
    if builder.count > 0 { builder.append(0x0A) }
    let name = String(decoding: name.utf8.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }, as: UTF8.self)
    if !name.isEmpty { builder.append(name + ": ") }
    builder.append(value)
  }

  /// The lines; the last one has no line feed.
  var text: SecretBytes {
    var copy = builder
    return copy.finish()
  }
}
