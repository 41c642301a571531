import LockwiseCore
import Testing

@testable import LockwiseEnv

@Suite struct TemplateTests {
  private let environment = Environment(["STAGE": "prod", "SLASH": "a/b"])

  /// Returns the parts of a template: literals in quotes, references with their conversions after `|`.
  private func parts(_ template: Template) -> [String] {
    template.parts.map { part in
      switch part {
      case .literal(let text): "'\(text.exposedText() ?? "?")'"
      case .reference(let placeholder):
        ([placeholder.reference.text] + placeholder.filters.map(\.rawValue)).joined(separator: "|")
      }
    }
  }

  private func template(_ text: String) throws -> [String] {
    try parts(.template(SecretBytes(utf8: text), environment))
  }

  @Test(arguments: [
    ("", []), ("text", ["'text'"]), ("{{ lockwise://h/u }}", ["lockwise://h/u"]),
    ("{{lockwise://h/u}}", ["lockwise://h/u"]), ("{{ \tlockwise://h/u\t }}", ["lockwise://h/u"]),
    ("a{{ lockwise://h/u }}b{{ lockwise://h/v }}", ["'a'", "lockwise://h/u", "'b'", "lockwise://h/v"]),
    ("{{lockwise://h/u}}{{lockwise://h/v}}", ["lockwise://h/u", "lockwise://h/v"]),
    ("lockwise://h/u is text", ["'lockwise://h/u is text'"]),
    (
      "{{ .Values.x }} ${{ secrets.X }} {{- lockwise://h }}", ["'{{ .Values.x }} ${{ secrets.X }} {{- lockwise://h }}'"]
    ),
    ("{{ lockwise:/h }} {{ xlockwise://h }}", ["'{{ lockwise:/h }} {{ xlockwise://h }}'"]),
    ("{{\nlockwise://h }}", ["'{{\nlockwise://h }}'"]),
    ("{\"a\":{{ lockwise://h/u | json }}}}", ["'{\"a\":'", "lockwise://h/u|json", "'}}'"]),
    ("{\"a\":{{lockwise://h/u}}}", ["'{\"a\":'", "lockwise://h/u", "'}'"]),
    ("{{{ lockwise://h/u }}}", ["'{'", "lockwise://h/u", "'}'"]),
    ("{{ {{ lockwise://h/u }} }}", ["'{{ '", "lockwise://h/u", "' }}'"]),
    ("{{lockwise://db-${STAGE}}}x", ["lockwise://db-prod", "'x'"]),
    ("{{ lockwise://h/${SLASH} }}", ["lockwise://h/a%2Fb"]),
    ("{{ lockwise://h/${NOT_SET:-x|y} | uri }}", ["lockwise://h/x%7Cy|uri"]),
    ("{{lockwise://{abcdefghijkl}/otp}}", ["lockwise://{abcdefghijkl}/otp"]),
    ("{{ lockwise://h/with blank }}", ["lockwise://h/with%20blank"]),
    (
      "{{ lockwise://h/u|json }}{{ lockwise://h/u | uri | base64 | sh }}",
      ["lockwise://h/u|json", "lockwise://h/u|uri|base64|sh"]
    ),
    ("{{ lockwise://h/a}b }}", ["lockwise://h/a%7Db"]),
  ])
  func findsReferences(text: String, expected: [String]) throws { #expect(try template(text) == expected) }

  @Test func keepsEveryOtherByte() throws {
    let bytes: [UInt8] = [0, 0xFF, 0x0D, 0x0A, 0x7B, 0x7B] + Array("{{ lockwise://h/u }}".utf8) + [0xC3, 0x0D]
    let parts = try Template.template(SecretBytes(copying: bytes), environment).parts
    guard parts.count == 3, case .literal(let start) = parts[0], case .literal(let end) = parts[2] else {
      Issue.record("\(parts)")
      return
    }
    #expect(
      start == SecretBytes(copying: [0, 0xFF, 0x0D, 0x0A, 0x7B, 0x7B]) && end == SecretBytes(copying: [0xC3, 0x0D]))
  }

  @Test(arguments: [
    ("a\n{{ lockwise://h/u", TemplateError.Fault.unterminated, 1),
    ("{{ lockwise://h/u\n}}", .unterminated, 0), ("{{ lockwise://h/${X }}", .unterminated, 0),
    ("{{ lockwise:// }}", .reference(.noHost, text: "lockwise://"), 0),
    ("\n\n{{ lockwise://h/u | xml }}", .unknownFilter("xml"), 2), ("{{ lockwise://h/u | }}", .unknownFilter(""), 0),
    ("{{ lockwise://h/u }}\n{{ lockwise://h?x }}", .reference(.questionMark, text: "lockwise://h?x"), 1),
    ("{{ lockwise://h/${NO} }}", .reference(.unsetVariable("NO"), text: "lockwise://h/${NO}"), 0),
  ])
  func refuses(text: String, fault: TemplateError.Fault, line: Int) {
    #expect(throws: TemplateError(fault: fault, line: line)) { _ = try template(text) }
  }

  @Test func readsAValueThatBeginsWithTheSchemeToItsEnd() throws {
    func value(_ text: String) throws -> Template { try .value(SecretBytes(utf8: text), environment) }
    #expect(try parts(value("lockwise://h/u | json")) == ["lockwise://h/u%20%7C%20json"])
    #expect(try value("lockwise://h/u").isReference && !value("{{ lockwise://h/u }}x").isReference)
    #expect(try parts(value(" lockwise://h/u")) == ["' lockwise://h/u'"])
    #expect(try parts(value("pg://{{lockwise://h/u|uri}}@x")) == ["'pg://'", "lockwise://h/u|uri", "'@x'"])
    #expect(throws: TemplateError.self) { _ = try value("lockwise://") }
  }

  @Test func acceptsAReferenceWithoutItsScheme() throws {
    #expect(try parts(.reference(SecretBytes(utf8: "h/u/otp"), environment)) == ["lockwise://h/u/otp"])
    #expect(try parts(.reference(SecretBytes(utf8: "lockwise://h"), environment)) == ["lockwise://h"])
    #expect(try parts(.reference(SecretBytes(utf8: "https://u@h.example"), environment)) == ["lockwise://h.example/u"])
  }

  @Test(arguments: [
    (TemplateFilter.json, "a\"\\\n\u{1}é\u{2028}", "\"a\\\"\\\\\\n\\u0001é\u{2028}\""), (.json, "", "\"\""),
    (.uri, "aZ09-._~ /?#é\n", "aZ09-._~%20%2F%3F%23%C3%A9%0A"), (.base64, "~~?~~", "fn4/fn4="), (.base64, "", ""),
    (.sh, "it's $x", "'it'\\''s $x'"), (.sh, "", "''"),
  ])
  func converts(filter: TemplateFilter, secret: String, expected: String) {
    #expect(filter.convert(SecretBytes(utf8: secret)).exposedText() == expected)
  }
}
