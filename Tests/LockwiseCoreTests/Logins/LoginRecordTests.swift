import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

/// Reading decrypted records. `LoginRecordValidityTests` tests their validity.
@Suite struct LoginRecordTests {
  @Test func everyMember() throws {
    let json = """
      {"id":"{5f2f0f4c-2a7e-4d0d-9d4e-6f6d3c1b2a10}","hostname":"https://example.com:8443",
       "formSubmitURL":"https://login.example.com","httpRealm":null,"username":"ada","password":"p\\u00e4ss\\n",
       "usernameField":"user","passwordField":"pass","timeCreated":1700000000123,
       "timePasswordChanged":1700000000456,"timeLastUsed":1700000000789,"timesUsed":42}
      """
    let record = try LoginRecord(
      json: SecretBytes(utf8: json), bsoID: "{5f2f0f4c-2a7e-4d0d-9d4e-6f6d3c1b2a10}")
    #expect(record.guid == "{5f2f0f4c-2a7e-4d0d-9d4e-6f6d3c1b2a10}")
    #expect(record.origin == "https://example.com:8443")
    #expect(record.formActionOrigin == "https://login.example.com")
    #expect(record.httpRealm == nil)
    #expect(record.username == "ada")
    #expect(record.password == SecretBytes(utf8: "päss\n"))
    #expect(record.usernameField == "user")
    #expect(record.passwordField == "pass")
    #expect(record.timeCreated == 1_700_000_000_123)
    #expect(record.timePasswordChanged == 1_700_000_000_456)
    #expect(record.timeLastUsed == 1_700_000_000_789)
    #expect(record.timesUsed == 42)
    #expect(record.json == SecretBytes(utf8: json), "byte for byte")
    #expect(record.unknownMembers.isEmpty)
  }

  @Test func optionalTextThatIsMissing() throws {
    for absent in [true, false] {
      var record = LoginJSON.sample
      for name in ["username", "usernameField", "passwordField", "formSubmitURL"] {
        record[name] = absent ? nil : "null"
      }
      let login = try record.read()
      #expect(login.username.isEmpty)
      #expect(login.usernameField.isEmpty)
      #expect(login.passwordField.isEmpty)
      #expect(login.formActionOrigin == nil)
      #expect(login.httpRealm == "r")
    }
  }

  /// As in application-services, values that are missing, negative or not numbers are 0 (unknown). Fractions are
  /// truncated.
  @Test(
    arguments: [
      (nil, 0), ("null", 0), ("0", 0), ("-1", 0), ("-0.5", 0), ("1", 1),
      ("1700000000123.9", 1_700_000_000_123),
      ("1.7e12", 1_700_000_000_000), ("9223372036854775807", .max), ("9223372036854775808", 0), ("1e400", 0),
      ("\"1700000000123\"", 0), ("true", 0), ("[1]", 0), ("{}", 0),
    ] as [(String?, Int64)])
  func numbers(text: String?, expected: Int64) throws {
    var record = LoginJSON.sample
    for name in ["timeCreated", "timePasswordChanged", "timeLastUsed", "timesUsed"] { record[name] = text }
    let login = try record.read()
    #expect(login.timeCreated.rawValue == expected)
    #expect(login.timePasswordChanged.rawValue == expected)
    #expect(login.timeLastUsed.rawValue == expected)
    #expect(login.timesUsed == expected)
  }

  @Test func unknownMembersByteForByte() throws {
    let values = [
      "null", "1.50E+00", "-0", "123456789012345678901234567890", #""\u0041\/ \ud83d\ude00 \ud800""#,
      "\"a\u{2028}é\"",
      #"{ "b" : [ 1 ,2 ] , "a":{}, "a":1 }"#, "[ ]", "true", "\"line\\nline\"",
    ]
    var record = LoginJSON.sample
    for (index, value) in values.enumerated() { record["x\(index)"] = value }
    record["timeLastBreachAlertDismissed"] = "17"
    record["lockwise"] = #"{"note": "a"}"#
    let login = try record.read()
    let unknown = login.unknownMembers
    #expect(
      unknown.map(\.name) == values.indices.map { "x\($0)" } + ["timeLastBreachAlertDismissed", "lockwise"])
    #expect(unknown.map { $0.json.exposedText() } == values + ["17", #"{"note": "a"}"#])
    #expect(login.json == SecretBytes(utf8: record.text))
  }

  /// Names are compared by code points. `\u212A` (KELVIN SIGN) is canonically equivalent to `K`. An escaped name equals
  /// the unescaped one.
  @Test func namesThatLookKnown() throws {
    var record = LoginJSON.sample
    record["Username"] = "\"other\""
    record["username "] = "\"other\""
    record["escaped"] = "\"ada\""
    let text = record.text.replacing(#""escaped":"#, with: #""user\u006eame":"#)
    let login = try LoginRecord(json: SecretBytes(utf8: text), bsoID: "abcdefghijkl")
    #expect(login.username == "ada", "the last member with the name must be used")
    #expect(login.unknownMembers.map(\.name) == ["Username", "username "])
  }

  @Test func longAndOddValues() throws {
    var record = LoginJSON.sample
    let password = String(repeating: "pä😀", count: 20_000)
    record["password"] = "\"\(password)\""
    record["username"] = "\"" + String(repeating: "u", count: 100_000) + "\\n\\r\\u0001\\u202e\u{7F}\""
    record["hostname"] = "\"" + String(repeating: "h", count: 100_000) + "\""
    record["unknown"] = "[" + Array(repeating: "1", count: 100_000).joined(separator: ",") + "]"
    let login = try record.read()
    #expect(login.password == SecretBytes(utf8: password))
    #expect(login.username.utf8.count == 100_007)
    #expect(login.username.hasSuffix("u\n\r\u{1}\u{202E}\u{7F}"))
    #expect(login.origin.utf8.count == 100_000)
    #expect(login.unknownMembers.first?.json.count == 200_001)
  }

  @Test func loneSurrogateInAPasswordIsReplaced() throws {
    var record = LoginJSON.sample
    record["password"] = #""a\ud800b""#
    #expect(try record.read().password == SecretBytes(utf8: "a\u{FFFD}b"))
  }

  @Test func theLastOfRepeatedMembersIsUsed() throws {
    let text =
      #"{"hostname":"a","hostname":"b","httpRealm":"x","httpRealm":"r","password":"","password":"p"}"#
    let login = try LoginRecord(json: SecretBytes(utf8: text), bsoID: "abcdefghijkl")
    #expect(login.origin == "b")
    #expect(login.httpRealm == "r")
    #expect(login.password == SecretBytes(utf8: "p"))
  }

  @Test func everyPhraseIsUniqueAndHasNoContent() {
    let errors: [LoginRecordError] = [
      .notAnObject, .idMismatch, .badID, .wrongType(member: "m"), .noOrigin, .badOrigin, .noTarget,
      .bothTargets,
      .noPassword, .badCharacter(member: "m"), .badFieldName(member: "m"),
    ]
    #expect(Set(errors.map(\.description)).count == errors.count)
    #expect(errors.allSatisfy { !$0.description.isEmpty && !$0.description.contains("\n") })
  }
}

extension LoginJSON {
  /// A valid record whose members a test changes.
  static let sample = LoginJSON("abcdefghijkl", origin: "https://example.com")

  func read(bsoID: String = "abcdefghijkl") throws -> LoginRecord {
    try LoginRecord(json: SecretBytes(utf8: text), bsoID: bsoID)
  }
}
