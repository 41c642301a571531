import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSync

/// A server that serves genuine records under other ids, or changes bytes that the MAC does not cover (issue 11, A5).
@Suite struct HostileRecordTests {
  static let guid = "{11111111-2222-4333-8444-555555555555}"
  static let victim = "{66666666-7777-4888-9999-aaaaaaaaaaaa}"

  let fixture: SyncFixture

  init() throws { fixture = try SyncFixture() }

  private struct Payload {
    var ciphertext: [UInt8]
    var iv: [UInt8]
    var mac: String

    init(_ text: String) throws {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
      ciphertext = Array(try #require(Data(base64Encoded: object["ciphertext"] ?? "")))
      iv = Array(try #require(Data(base64Encoded: object["IV"] ?? "")))
      mac = object["hmac"] ?? ""
    }

    var text: String {
      let parts = [ciphertext, iv].map { Data($0).base64EncodedString() }
      return #"{"ciphertext":"\#(parts[0])","IV":"\#(parts[1])","hmac":"\#(mac)"}"#
    }

    /// Changes the first bytes of the cleartext from `from` to `to`.
    func replacing(_ from: String, with to: String) -> Payload {
      var changed = self
      for (index, (old, new)) in zip(from.utf8, to.utf8).enumerated() { changed.iv[index] ^= old ^ new }
      return changed
    }
  }

  private func payload(_ cleartext: String) throws -> Payload { try Payload(fixture.encrypt(cleartext)) }

  private func read(_ payload: Payload, as id: String) throws -> RecordReader.Reading {
    let object = try JSONSerialization.data(withJSONObject: ["id": id, "payload": payload.text, "modified": 1])
    let record = try #require(BSO(json: JSONValue(parsing: SecretBytes(copying: object))))
    return try RecordReader(bundle: fixture.keys).read(record)
  }

  private static func form(_ id: String) -> String {
    LoginJSON.whole(id, origin: "https://a.example", realm: nil, form: "", password: "genuine", time: 1).text
  }

  /// A flipped bit in a record under its own id at most sets the record aside.
  @Test(arguments: ["login", "tombstone", "anonymous tombstone"])
  func doesNotDeleteOrChangeALoginForAFlippedBit(kind: String) throws {
    let cleartext = [
      "login": Self.form(Self.guid), "tombstone": #"{"id":"\#(Self.guid)","deleted":true}"#,
      "anonymous tombstone": #"{"deleted":true}"#,
    ]
    let genuine = try payload(cleartext[kind] ?? "")
    func check(_ changed: Payload, _ bit: String) throws {
      switch try read(changed, as: Self.victim) {
      case .login, .tombstone, .ignored: Issue.record("\(kind), \(bit): taken under another id")
      case .wrongMAC, .bad: break
      }
      switch try read(changed, as: Self.guid) {
      case .login(let login):
        #expect(kind == "login" && login.guid == Self.guid && login.password.exposedText() == "genuine")
      case .tombstone(let mark): #expect(kind == "tombstone" && mark.guid == Self.guid, "\(bit)")
      case .ignored: Issue.record("\(kind), \(bit): ignored")
      case .wrongMAC, .bad: break
      }
    }
    for bit in 0..<genuine.iv.count * 8 {
      var changed = genuine
      changed.iv[bit / 8] ^= 1 << UInt8(bit % 8)
      try check(changed, "IV bit \(bit)")
    }
    for bit in 0..<genuine.ciphertext.count * 8 {
      var changed = genuine
      changed.ciphertext[bit / 8] ^= 1 << UInt8(bit % 8)
      guard case .wrongMAC = try read(changed, as: Self.guid) else {
        Issue.record("\(kind), ciphertext bit \(bit): the MAC does not notice")
        continue
      }
      try check(changed, "ciphertext bit \(bit)")
    }
  }

  /// The ways to hide the id with the 16 bytes that a server can choose.
  @Test(arguments: [
    #"{"xd":"#, #"{"Id":"#, #"{"i":7,"x":"#, #"{"deleted":1,"x"#, #"{    "#, #"{"":1"#,
  ])
  func refusesAHiddenID(start: String) throws {
    try fixture.putLogin(Self.victim, password: "kept")
    _ = try fixture.pull()
    for text in [#"{"id":"\#(Self.guid)","deleted":true}"#, Self.form(Self.guid)] {
      fixture.clock.now += 1000
      let forged = try payload(text).replacing(text, with: start)
      fixture.server.put(Self.victim, in: "passwords", forged.text)
      let result = try fixture.pull()
      #expect(result.removed == 0 && result.changed == 0 && result.setAside == 1)
      #expect(fixture.password(Self.victim) == "kept")
    }
  }

  @Test func reportsAHiddenID() throws {
    let text = #"{"id":"\#(Self.guid)","deleted":true}"#
    fixture.server.put(Self.victim, in: "passwords", try payload(text).replacing(text, with: #"{"xd""#).text)
    _ = try fixture.pull()
    #expect(fixture.mirror.contents.setAside[Self.victim]?.reason == "it has no id of its own")
  }

  /// Whether a cleartext is a tombstone depends on its id, on `deleted` as JavaScript reads it, and on its other
  /// members.
  static let marks: [(text: String, isTombstone: Bool)] = [
    (#"{"id":"login-0","deleted":true}"#, true), (#"{"deleted":true}"#, true), (#" { "deleted" : true } "#, true),
    (#"{"id":"login-0","deleted":1}"#, true), (#"{"id":"login-0","deleted":"no"}"#, true),
    (#"{"id":"login-0","deleted":[]}"#, true), (#"{"id":"login-0","deleted":{}}"#, true),
    (#"{"id":"login-0","deleted":1e-300,"x":1}"#, true), (#"{"id":"login-0","deleted":false,"deleted":true}"#, true),
    (#"{"deleted":1}"#, false), (#"{"deleted":"true"}"#, false), (#"{"deleted":true,"x":1}"#, false),
    (#"{"deleted":true,"deleted":true}"#, false), (#"{"id":null,"deleted":true}"#, false),
    (#"{"id":"login-1","deleted":true}"#, false), (#"{"id":"login-0","deleted":true,"deleted":false}"#, false),
    (#"{"id":"login-0","deleted":false}"#, false), (#"{"id":"login-0","deleted":null}"#, false),
    (#"{"id":"login-0","deleted":0}"#, false), (#"{"id":"login-0","deleted":-0.0e5}"#, false),
    (#"{"id":"login-0","deleted":1e-400}"#, false), (#"{"id":"login-0","deleted":""}"#, false), ("{}", false),
  ]

  @Test(arguments: marks) func deletesOnlyForATombstone(text: String, isTombstone: Bool) throws {
    try fixture.putLogin("login-0")
    _ = try fixture.pull()
    fixture.clock.now += 1000
    try fixture.server.put("login-0", in: "passwords", fixture.encrypt(text))
    let result = try fixture.pull()
    #expect(result.removed == (isTombstone ? 1 : 0) && result.setAside == (isTombstone ? 0 : 1))
    #expect(fixture.guids == (isTombstone ? [] : ["login-0"]))
  }

  /// Firefox keeps such a record and updates it, with `deleted` as an ordinary member.
  @Test(arguments: ["false", "null", "0", "-0", "0.0", "\"\"", "1e-400"])
  func keepsALoginWhoseDeletedIsFalse(value: String) throws {
    try fixture.server.put(
      "login-0", in: "passwords", fixture.encrypt(SyncFixture.login("login-0", extra: #","deleted":\#(value)"#)))
    #expect(try fixture.pull().added == 1)
    #expect(fixture.guids == ["login-0"])
    let record = try RawInput.records(SecretBytes(utf8: SyncFixture.login("login-0", extra: #","deleted":\#(value)"#)))
    #expect(record.first?.isTombstone == false, "put changes it and deletes nothing")
  }

  @Test(arguments: ["true", "1", "\"x\"", "[]", "{}", "0.1"]) func recognisesTombstones(value: String) throws {
    let record = try RawInput.records(SecretBytes(utf8: #"{"id":"a","deleted":\#(value)}"#))
    #expect(record.first?.isTombstone == true)
  }

  @Test func requiresALoginsOwnID() throws {
    let named = SyncFixture.login("login-0")
    let unnamed = named.replacing(#""id":"login-0","#, with: "")
    try fixture.server.put("login-0", in: "passwords", fixture.encrypt(unnamed))
    #expect(try fixture.pull().setAside == 1)
    #expect(fixture.guids.isEmpty)
    #expect(fixture.mirror.contents.setAside["login-0"]?.reason == "it has no id of its own")
  }

  /// U+212A is canonically equivalent to `K`, so that `String` compares them as equal.
  @Test func comparesIDsByBytes() throws {
    let text = SyncFixture.login("K").replacing(#""id":"K""#, with: "\"id\":\"\u{212A}\"")
    try fixture.server.put("K", in: "passwords", fixture.encrypt(text))
    #expect(try fixture.pull().setAside == 1)
    #expect(fixture.guids.isEmpty)
  }

  /// Records of other collections can be exchanged too. `get` returns only records with their own id.
  @Test func requiresTheOwnIDOfARawRecord() throws {
    let cipher = RawCipher(bundle: fixture.keys)
    func open(_ cleartext: String) throws -> String? {
      let object = try JSONSerialization.data(withJSONObject: ["id": "a", "payload": fixture.encrypt(cleartext)])
      return try cipher.open(#require(BSO(json: JSONValue(parsing: SecretBytes(copying: object))))).exposedText()
    }
    #expect(try open(#"{"id":"a","x":1}"#) == #"{"id":"a","x":1}"#)
    #expect(try open(#"{"deleted":true}"#) == #"{"id":"a","deleted":true}"#)
    for text in [#"{"x":1}"#, #"{"deleted":true,"x":1}"#, #"{"deleted":false}"#, "{}"] {
      #expect(throws: RawRecordError.noID) { try open(text) }
    }
  }
}
