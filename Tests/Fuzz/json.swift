@testable import LockwiseCore

/// Checks that every value of a parsed text can be reached, that the bytes of each value are JSON of the same value, and
/// that each string is written and read back unchanged.
func fuzz(_ input: UnsafeRawBufferPointer) {
  guard let value = try? JSONValue(parsing: SecretBytes(copying: input)) else { return }
  walk(value)
}

private func walk(_ value: JSONValue) {
  guard let again = try? JSONValue(parsing: value.raw), again.raw == value.raw else {
    fatalError("a value whose bytes are not JSON")
  }
  let kinds = [
    value.isNull, value.bool != nil, value.number != nil, value.secret != nil, value.array != nil,
    value.object != nil,
  ]
  precondition(kinds.count(where: { $0 }) == 1, "a value of several kinds")
  precondition(value.number != nil || value.integer == nil, "an integer that is not a number")
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
  precondition(member?.value.secret == text, "a string changes when it is read back")
  precondition(SecretBytes(utf8: member?.name ?? "") == text, "a name changes when it is read back")
}
