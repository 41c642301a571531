@testable import LockwiseCore
@testable import LockwiseEnv

/// Checks that the text of a reference is parsed as the same reference, and that it can stand in a template and in a
/// shell's word.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let text = Array(input)
  guard let reference = try? Reference(parsing: text, needsScheme: false) else { return }
  let written = Array(reference.text.utf8)
  precondition(Reference.begins(written))
  let special = "\"'\\`$|&;<>()*?!^".utf8
  precondition(written.allSatisfy { $0 > 0x20 && $0 != 0x7F && !special.contains($0) }, "a special character")
  guard let parsed = try? Reference(parsing: written) else { fatalError("a text that is not a reference") }
  precondition(isSame(parsed, reference), "another reference")
  precondition(parsed.text.utf8.elementsEqual(written), "another text")
  let template = SecretBytes(copying: Array("{{".utf8) + written + Array("}}}".utf8))
  guard let parts = try? Template.template(template, Environment([:])).parts, parts.count == 2,
    case .reference(let placeholder) = parts[0], case .literal(let rest) = parts[1]
  else { fatalError("a text that does not fit into a template") }
  precondition(isSame(placeholder.reference, reference) && rest == SecretBytes(utf8: "}"))
}

/// Compares byte by byte; `==` treats canonically equivalent texts as equal.
private func isSame(_ left: Reference, _ right: Reference) -> Bool {
  guard left.field.name.isSameText(as: right.field.name) else { return false }
  switch (left.login, right.login) {
  case (.guid(let a), .guid(let b)): return a.isSameText(as: b)
  case (.entry(let place, let user, let digits), .entry(let otherPlace, let otherUser, let otherDigits)):
    return place == otherPlace && isSame(user, otherUser) && isSame(digits, otherDigits)
  default: return false
  }
}

private func isSame(_ left: String?, _ right: String?) -> Bool {
  guard let left, let right else { return left == nil && right == nil }
  return left.isSameText(as: right)
}
