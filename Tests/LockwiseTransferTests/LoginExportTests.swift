import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseTransfer

@Suite struct LoginExportTests {
  private func record(_ login: LoginJSON) throws -> LoginRecord {
    try LoginRecord(json: SecretBytes(utf8: login.text), bsoID: login.object["id"] as? String ?? "")
  }

  private static let logins: [LoginJSON] = [
    .whole("{1}", origin: "https://a.example", realm: nil, form: "", username: "", password: "a\"b,\r\n=c"),
    .whole("{2}", origin: "https://a.example", realm: nil, form: "https://b.example", username: "é", password: "=1"),
    .whole("{3}", origin: "https://a.example", realm: "", username: "x", more: ["timeLastUsed": "1700000000005"]),
    .whole("{4}", origin: "https://a.example", realm: "a, \"realm\"", username: "line\nfeed"),
    .whole("{5}", origin: "ssh://host:2222", realm: "ssh", username: "root"),
    .whole("{6}", origin: "pass://Work%20x", realm: "pass", username: "a/b", more: ["lockwise": #"{"notes":"n\n"}"#]),
    LoginJSON("{7}", origin: "urn:x://y", realm: "r", username: "u", more: ["unknown": "[1.50, null]"]),
  ]

  private func makeExport(_ format: ExportFormat, _ logins: [LoginRecord]) -> (text: SecretBytes, LoginExport) {
    var export = LoginExport(format)
    var parts = [export.begin()]
    for login in logins { parts.append(export.text(of: login)) }
    return (.concatenating(parts + [export.end()]), export)
  }

  @Test func writesFirefoxCSVByteForByte() throws {
    let (text, export) = makeExport(.csv, try Self.logins.prefix(3).map(record))
    #expect(
      text.exposedText() == """
        "url","username","password","httpRealm","formActionOrigin","guid","timeCreated","timeLastUsed","timePasswordChanged"\r
        "https://a.example","","a""b,\r\n=c",,"","{1}","1700000000000",,"1700000000000"\r
        "https://a.example","é","=1",,"https://b.example","{2}","1700000000000",,"1700000000000"\r
        "https://a.example","x","p","",,"{3}","1700000000000","1700000000005","1700000000000"
        """)
    #expect(export.count == 3 && export.skipped == 0 && export.incomplete == 0)
  }

  /// Everything that the format has a place for comes back.
  @Test func readsItsOwnCSV() throws {
    let records = try Self.logins.map(record)
    let (text, export) = makeExport(.csv, records)
    #expect(export.incomplete == 1)
    #expect(FormatRecognition.format(of: text) == .firefox)
    let conversion = try ItemConversion(text, .firefox)
    #expect(conversion.refused.isEmpty)
    for (back, login) in zip(conversion.rows.map(\.login), records) {
      #expect(back.guid == login.guid && back.isSameLogin(as: login) && back.password == login.password)
      #expect(back.timeLastUsed == login.timeLastUsed)
      if login.timeCreated > 0 {
        #expect(back.timeCreated == login.timeCreated && back.timePasswordChanged == login.timePasswordChanged)
      }
    }
    #expect(conversion.rows.count == records.count)
  }

  @Test func readsItsOwnJSONWithoutLoss() throws {
    let records = try Self.logins.map(record)
    let (text, export) = makeExport(.json, records)
    #expect(export.count == 7 && export.incomplete == 0 && FormatRecognition.format(of: text) == .json)
    #expect(try ItemConversion(text, .json).rows.map(\.login.json) == records.map(\.json))
    #expect(makeExport(.json, []).text.exposedText() == "[]\n")
  }

  @Test func writesWhatNetrcCanHold() throws {
    let logins: [LoginJSON] = [
      .whole("{1}", origin: "https://a.example", realm: nil, form: "", username: "u", password: "plain-1"),
      .whole("{2}", origin: "https://b.example", realm: "git", username: "u v", password: "a\"b \\c#é"),
      .whole("{3}", origin: "https://c.example:8443", realm: nil, form: ""),
      .whole("{4}", origin: "http://d.example", realm: nil, form: ""),
      .whole("{5}", origin: "https://e.example", realm: "docker"),
      .whole("{6}", origin: "https://f.example", realm: "git:path"),
      .whole("{7}", origin: "https://g.example", realm: nil, form: "", password: "line\nfeed"),
      .whole("{8}", origin: "https://h.example", realm: nil, form: "", username: ""),
      .whole("{9}", origin: "https://i.example", realm: nil, form: "", password: "otpauth://totp/a?secret=JBSWY3DP"),
      .whole(
        "{10}", origin: "https://j.example", realm: nil, form: "", password: "(no password)",
        more: ["lockwise": #"{"emptyPassword":"(no password)"}"#]),
    ]
    let (text, export) = makeExport(.netrc, try logins.map(record))
    #expect(
      text.exposedText() == """
        machine a.example login u password plain-1
        machine b.example login "u v" password "a\\"b \\\\c#é"

        """)
    #expect(export.count == 2 && export.skipped == 8)
    let conversion = try ItemConversion(text, .netrc)
    #expect(
      conversion.logins.map(\.password) == ["plain-1", "a\"b \\c#é"]
        && conversion.logins.map(\.username) == ["u", "u v"])
  }
}
