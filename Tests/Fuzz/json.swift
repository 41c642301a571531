import LockwiseCore

/// A text that parses can be walked through to its last value; each value's bytes are a JSON text of the same value;
/// and each string that is written out again reads the same.
func fuzz(_ input: UnsafeRawBufferPointer) {
  guard let value = try? JSONValue(parsing: SecretBytes(copying: input)) else { return }
  walk(value)
}

private func walk(_ value: JSONValue) {
  guard let again = try? JSONValue(parsing: value.raw), again.raw == value.raw else {
    fatalError("the bytes of a value are another value")
  }
  let kinds = [
    value.isNull, value.bool != nil, value.number != nil, value.secret != nil, value.array != nil,
    value.object != nil,
  ]
  precondition(kinds.count(where: { $0 }) == 1, "a value is exactly one thing")
  precondition(value.number != nil || value.integer == nil, "an integer that is no number")
  if let secret = value.secret { checkRoundTrip(secret) }
  value.array?.forEach(walk)
  for member in value.object?.members ?? [] {
    checkRoundTrip(SecretBytes(utf8: member.name))
    walk(member.value)
  }
}

private func checkRoundTrip(_ text: SecretBytes) {
  guard let name = text.exposedText() else { fatalError("a string that is not UTF-8") }
  var writer = JSONObjectWriter()
  writer.member(name, secret: text)
  let member = (try? JSONValue(parsing: writer.finish()))?.object?.members.first
  precondition(member?.value.secret == text, "a string came back as another")
  precondition(SecretBytes(utf8: member?.name ?? "") == text, "a name came back as another")
}
