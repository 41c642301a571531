import LockwiseCore
import LockwiseTestSupport
import Testing

/// The validity of records by the rules of both Firefox implementations and the observed behaviour of Firefox ESR 153.
@Suite struct LoginRecordValidityTests {
  private static let textMembers = [
    "hostname", "formSubmitURL", "httpRealm", "username", "usernameField", "passwordField",
  ]

  private func error(_ record: LoginJSON, bsoID: String = "abcdefghijkl") -> LoginRecordError? {
    do {
      _ = try record.read(bsoID: bsoID)
      return nil
    } catch {
      return error as? LoginRecordError
    }
  }

  @Test func theSampleIsValid() throws { #expect(error(LoginJSON.sample) == nil) }

  @Test(arguments: ["", "null", "[]", "\"a\"", "1", "[{}]", "{", "{}x", "{\"a\":1,}", "\u{FEFF}{}"])
  func notAnObject(text: String) {
    #expect(throws: LoginRecordError.notAnObject) {
      try LoginRecord(json: SecretBytes(utf8: text), bsoID: "abcdefghijkl")
    }
  }

  @Test func aTombstoneIsNotALogin() {
    #expect(throws: LoginRecordError.self) {
      try LoginRecord(
        json: SecretBytes(utf8: #"{"id":"abcdefghijkl","deleted":true}"#), bsoID: "abcdefghijkl")
    }
  }

  // MARK: Accepted by Firefox

  @Test(arguments: [
    "https://example.com", "http://example.com:8080", "ssh://host:2222", "sudo://host", "pass://a/b/c",
    "urn:isbn:1", "android://abc@com.example", "example.com", "https://example.com/path",
    "https://example.com/",
    "https://EXAMPLE.com", "https://example.com:443", "https://user:pw@example.com", "https://exa mple.com",
    "https://bücher.example", "chrome://FirefoxAccounts", "x", "https://a(b)", "https://a( b", "(a",
  ])
  func origins(origin: String) throws {
    var record = LoginJSON.sample
    record["hostname"] = "\"\(origin)\""
    #expect(try record.read().origin == origin, "the origin was normalised")
  }

  @Test func realmAndFormAction() throws {
    var record = LoginJSON.sample
    record["httpRealm"] = #""""#
    record["formSubmitURL"] = "null"
    #expect(try record.read().httpRealm?.isEmpty == true)
    record["httpRealm"] = "null"
    record["formSubmitURL"] = #""""#
    #expect(try record.read().formActionOrigin?.isEmpty == true)
    record["httpRealm"] = nil
    for action in ["javascript:", "https://a.example", "not a URL", ".a", ".."] {
      record["formSubmitURL"] = "\"\(action)\""
      #expect(try record.read().formActionOrigin == action)
    }
  }

  @Test func usernamesAndPasswords() throws {
    var record = LoginJSON.sample
    for text in ["a\\nb", "\\r\\n", " ", ".", "ä😀", "\\u0001"] {
      record["username"] = "\"\(text)\""
      record["password"] = "\"\(text)\""
      #expect(error(record) == nil, "\(text)")
    }
    record["username"] = #""""#
    record["password"] = "\"" + String(repeating: "é", count: 50_000) + "\""
    #expect(try record.read().password.count == 100_000)
    record["passwordField"] = "\".\""
    #expect(error(record) == nil)
  }

  @Test(arguments: [
    "{5f2f0f4c-2a7e-4d0d-9d4e-6f6d3c1b2a10}", "5f2f0f4c-2a7e-4d0d-9d4e-6f6d3c1b2a10", "abcdefghijkl", "a",
    " ",
    "~!@ \\\"", String(repeating: "g", count: 64),
  ])
  func ids(id: String) throws {
    var record = LoginJSON.sample
    record["id"] = nil
    #expect(try record.read(bsoID: id).guid == id, "cleartext without an id")
    record["id"] = "\"" + id.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    #expect(try record.read(bsoID: id).guid == id)
    #expect(LoginRecord.isValidID(id))
  }

  // MARK: Refused

  @Test(arguments: ["", "a,b", "a\n", "\0", "é", "a\u{7F}", "a\u{1F}", String(repeating: "g", count: 65)])
  func impossibleIDs(id: String) {
    var record = LoginJSON.sample
    record["id"] = nil
    #expect(error(record, bsoID: id) == .badID)
    #expect(!LoginRecord.isValidID(id))
  }

  @Test(arguments: [
    "\"ABCDEFGHIJKL\"", "\"abcdefghijk\"", "\"abcdefghijklm\"", "\"abcdefghijkl \"", "\"\"", "null", "1",
    "true",
    "[\"abcdefghijkl\"]", "{}",
  ])
  func anotherID(id: String) {
    var record = LoginJSON.sample
    record["id"] = id
    #expect(error(record) == .idMismatch)
  }

  @Test(arguments: textMembers, ["1", "true", "[]", "{}", "[\"a\"]"])
  func textOfAnotherType(member: String, value: String) {
    var record = LoginJSON.sample
    record[member] = value
    #expect(error(record) == .wrongType(member: member))
  }

  @Test func noOrigin() {
    for value in [nil, "null", "\"\""] {
      var record = LoginJSON.sample
      record["hostname"] = value
      #expect(error(record) == .noOrigin)
    }
  }

  @Test func originWithSpaceAndParenthesis() {
    for origin in ["https://a (b)", "https://a (", " (", "a b (c", "a  (", "a( ("] {
      var record = LoginJSON.sample
      record["hostname"] = "\"\(origin)\""
      #expect(error(record) == .badOrigin, "\(origin)")
    }
  }

  @Test func targets() {
    for absent in [nil, "null"] {
      var record = LoginJSON.sample
      record["httpRealm"] = absent
      record["formSubmitURL"] = absent
      #expect(error(record) == .noTarget)
    }
    for (realm, action) in [("r", "https://a"), ("", "https://a"), ("r", ""), ("", "")] {
      var record = LoginJSON.sample
      record["httpRealm"] = "\"\(realm)\""
      record["formSubmitURL"] = "\"\(action)\""
      #expect(error(record) == .bothTargets)
    }
  }

  @Test func noPassword() {
    for value in [nil, "null", "\"\"", "1", "true", "[]", "{}"] {
      var record = LoginJSON.sample
      record["password"] = value
      #expect(error(record) == .noPassword)
    }
  }

  @Test(arguments: ["hostname", "formSubmitURL", "httpRealm", "usernameField", "passwordField"])
  func lineEndsAndNUL(member: String) {
    for character in ["\\u0000", "\\n", "\\r", "\\u000a", "\\r\\n"] {
      for text in [character, "a\(character)b", "a\(character)", "\(character)a"] {
        var record = LoginJSON.sample
        if member == "formSubmitURL" { record["httpRealm"] = nil }
        record[member] = "\"\(text)\""
        #expect(error(record) == .badCharacter(member: member), "\(text)")
      }
    }
  }

  @Test(arguments: ["username", "password"])
  func nulInCredentials(member: String) {
    for text in ["\\u0000", "a\\u0000b", "a\\u0000"] {
      var record = LoginJSON.sample
      record[member] = "\"\(text)\""
      #expect(error(record) == .badCharacter(member: member))
    }
  }

  @Test func dots() {
    var record = LoginJSON.sample
    record["usernameField"] = "\".\""
    #expect(error(record) == .badFieldName(member: "usernameField"))
    record["usernameField"] = nil
    record["httpRealm"] = nil
    record["formSubmitURL"] = "\".\""
    #expect(error(record) == .badFieldName(member: "formSubmitURL"))
  }
}
