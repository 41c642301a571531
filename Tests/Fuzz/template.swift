@testable import LockwiseCore
@testable import LockwiseEnv

/// Checks that a template loses no byte: what is not a reference stays, and each reference came from `{{ … }}`.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let text = SecretBytes(copying: input)
  let environment = Environment(["A": "a/b#c", "EMPTY": ""])
  _ = try? Template.value(text, environment)
  _ = try? Template.reference(text, environment)
  let template: Template
  do throws(TemplateError) {
    template = try .template(text, environment)
  } catch {
    precondition((0...input.count { $0 == 0x0A }).contains(error.line), "a line that is not there")
    return
  }
  var position = 0
  for part in template.parts {
    switch part {
    case .literal(let literal):
      precondition(!literal.isEmpty && literal == text[position..<position + literal.count], "another literal")
      position += literal.count
    case .reference(let placeholder):
      precondition(input[position] == UInt8(ascii: "{") && input[position + 1] == UInt8(ascii: "{"))
      precondition(placeholder.line == input[..<position].count { $0 == 0x0A }, "another line")
      var end = position + 2
      while input[end] == 0x20 || input[end] == 0x09 { end += 1 }
      // The text may end in a brace that does not end the placeholder.
      end += placeholder.text.utf8.count
      while !(input[end] == UInt8(ascii: "}") && input[end + 1] == UInt8(ascii: "}")) {
        precondition(input[end] != 0x0A, "more than a line")
        end += 1
      }
      position = end + 2
    }
  }
  precondition(position == input.count, "a part is missing")
}
