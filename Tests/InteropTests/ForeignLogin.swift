import Foundation
import Testing

/// A login that another client writes, and Firefox's version of it: the first table of Firefox's behaviour.
struct ForeignLogin: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let id: String
  /// The cleartext of the record, JSON.
  let json: String
  /// The members that Firefox changes, JSON; nil if it refuses the record.
  let shown: String?
  /// The `id` in the cleartext, if it has one.
  var cleartextID: String?
  var hasNoID = false

  private init(_ name: String, id: String? = nil, _ members: [String: Any?], shown: [String: Any?]? = [:]) {
    testDescription = name
    let digits = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    self.id = id ?? "{00000000-0000-4000-8000-" + String(String(digits, radix: 16).suffix(12)) + "}"
    let plain: [String: Any?] = [
      "hostname": "https://" + String(digits, radix: 36) + ".example", "httpRealm": "r", "username": "u",
      "password": "p", "usernameField": "", "passwordField": "", "timeCreated": 1_600_000_000_000,
      "timePasswordChanged": 1_650_000_000_000,
    ]
    json = Self.text(plain.merging(members) { $1 })
    self.shown = shown.map { Self.text($0) }
  }

  /// The members; a nil one is absent.
  private static func text(_ members: [String: Any?]) -> String {
    let present = members.compactMapValues { $0 }
    let data = try? JSONSerialization.data(withJSONObject: present, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  static func object(_ json: String) -> [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any] ?? [:]
  }

  /// The edit with which the sandbox writes the record.
  var edit: [String: Any] {
    var cleartext = Self.object(json)
    if let cleartextID { cleartext["id"] = cleartextID }
    return ["collection": "passwords", "id": id, "cleartext": cleartext, "keepID": !hasNoID]
  }

  /// The login that Firefox must list; nil if it refuses the record.
  var expected: [String: Any]? {
    guard let shown else { return nil }
    var members = Self.object(json).merging(Self.object(shown)) { $1 }
    members["id"] = id
    return members
  }

  // MARK: The rows

  static let taken: [ForeignLogin] =
    [
      "https://plain.example", "https://port.example:8443", "http://plain.example", "ssh://host:2222", "sudo://host",
      "pass://a/b/c", "urn:isbn:0451450523", "android://abc@com.example.app", "ssh-key://00ff", "no-scheme.example",
      "https://path.example/a/b", "https://slash.example/", "https://UPPER.example", "https://default.example:443",
      "https://user@info.example", "https://sp ace.example", "https://zoë.example",
    ].map { (origin: String) in ForeignLogin("origin " + origin, ["hostname": origin]) } + [
      ForeignLogin("realm empty", ["httpRealm": "", "formSubmitURL": NSNull()]),
      ForeignLogin("form action empty", ["httpRealm": NSNull(), "formSubmitURL": ""]),
      ForeignLogin("form action", ["httpRealm": NSNull(), "formSubmitURL": "https://other.example"]),
      ForeignLogin("user name empty", ["username": ""]),
      ForeignLogin("user name with line feeds", ["username": "a\nb\r\nc"]),
      ForeignLogin("password with line feeds", ["password": "a\nb\n"]),
      ForeignLogin("password not ASCII", ["password": "pässwörd “€” 🔑"]),
      ForeignLogin("password of 100 kB", ["password": String(repeating: "0123456789", count: 10_000)]),
      ForeignLogin("id a braced UUID", id: "{6a49f3d8-2a4d-4b19-9d5d-3c1b1a8d1f01}", [:]),
      ForeignLogin("id a plain UUID", id: "6a49f3d8-2a4d-4b19-9d5d-3c1b1a8d1f02", [:]),
      ForeignLogin("id of 12 characters", id: "lwFxInterop1", [:]),
      ForeignLogin("no id in the cleartext", [:]).without(id: true),
      ForeignLogin("user name null", ["username": NSNull()], shown: ["username": ""]),
      ForeignLogin("user name absent", ["username": nil], shown: ["username": ""]),
      ForeignLogin(
        "field names null", ["usernameField": NSNull(), "passwordField": NSNull()],
        shown: ["usernameField": "", "passwordField": ""]),
      ForeignLogin(
        "field names absent", ["usernameField": nil, "passwordField": nil],
        shown: ["usernameField": "", "passwordField": ""]),
      ForeignLogin("times absent", ["timeCreated": nil, "timePasswordChanged": nil], shown: now),
      ForeignLogin("times 0", ["timeCreated": 0, "timePasswordChanged": 0], shown: now),
      ForeignLogin("uses", ["timesUsed": 7, "timeLastUsed": 1_655_000_000_000]),
      ForeignLogin(
        "members of others",
        [
          "x-object": ["a": ["b": [1, "two", NSNull()]] as [String: Any]], "x-list": [1, 2.5, "3"], "x-number": 12.25,
          "x-null": NSNull(), "x-text": "line one\nline “two”\n\tline three", "lockwise": ["notes": "n"],
        ]),
    ]

  /// Stands for a time close to the present.
  static let nowMark = -1
  private static var now: [String: Any?] { ["timeCreated": nowMark, "timePasswordChanged": nowMark] }

  static let refused: [ForeignLogin] = [
    ForeignLogin("realm and form action null", ["httpRealm": NSNull(), "formSubmitURL": NSNull()], shown: nil),
    ForeignLogin("realm and form action absent", ["httpRealm": nil], shown: nil),
    ForeignLogin(
      "realm empty and form action set", ["httpRealm": "", "formSubmitURL": "https://a.example"], shown: nil),
    ForeignLogin("realm set and form action empty", ["httpRealm": "r", "formSubmitURL": ""], shown: nil),
    ForeignLogin("realm and form action empty", ["httpRealm": "", "formSubmitURL": ""], shown: nil),
    ForeignLogin("origin absent", ["hostname": nil], shown: nil),
    ForeignLogin("origin empty", ["hostname": ""], shown: nil),
    ForeignLogin("password absent", ["password": nil], shown: nil),
    ForeignLogin("password empty", ["password": ""], shown: nil),
    ForeignLogin("line feed in the realm", ["httpRealm": "a\nb"], shown: nil),
    ForeignLogin("another id in the cleartext", [:], shown: nil).claiming(id: "lwFxInterop9"),
  ]

  static let skipped = ForeignLogin(
    "realm and form action set", ["httpRealm": "r", "formSubmitURL": "https://a.example"], shown: nil)

  private func without(id: Bool) -> ForeignLogin {
    var copy = self
    copy.hasNoID = id
    return copy
  }

  private func claiming(id: String) -> ForeignLogin {
    var copy = self
    copy.cleartextID = id
    return copy
  }
}
