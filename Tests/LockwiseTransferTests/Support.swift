import Foundation
import LockwiseCore
import LockwiseTestSupport

@testable import LockwiseTransfer

/// A login of a conversion, as tests compare it.
struct ConvertedLogin: Equatable, CustomStringConvertible {
  let origin: String
  var target = LoginTarget.form("")
  var username = ""
  var password = ""
  /// The notes; `nil` if the login has none of its own.
  var notes: String?
  var ownName: String?

  init(
    _ origin: String, _ target: LoginTarget, _ username: String, _ password: String, notes: String? = nil,
    ownName: String? = nil
  ) {
    self.origin = origin
    self.target = target
    self.username = username
    self.password = password
    self.notes = notes
    self.ownName = ownName
  }

  /// A login of any form.
  init(_ origin: String, _ username: String, _ password: String, notes: String? = nil, ownName: String? = nil) {
    self.init(origin, .form(""), username, password, notes: notes, ownName: ownName)
  }

  init(_ login: LoginRecord) {
    self.init(
      login.origin, login.target, login.username, login.password.exposedText() ?? "",
      notes: login.hasNotes ? EntryBody(of: login).notes.exposedText() : nil, ownName: login.ownEntryName)
  }

  var description: String { "\(origin) \(target) \(username) \(password) \(notes?.prefix(60) ?? "-") \(ownName ?? "")" }
}

/// A refused item, as tests compare it.
struct RefusedItem: Equatable {
  let location: ItemLocation
  let reason: ItemRefusal.Reason

  init(_ location: ItemLocation, _ reason: ItemRefusal.Reason) {
    self.location = location
    self.reason = reason
  }
}

/// The time of the tests.
enum TestTime {
  static let now: Milliseconds = 1_800_000_000_000
}

extension ItemConversion<SystemRandom> {
  /// Converts a text.
  init(_ text: String, _ format: TransferFormat) throws { try self.init(SecretBytes(utf8: text), format) }

  /// Converts a text.
  init(_ text: SecretBytes, _ format: TransferFormat) throws {
    self.init(now: TestTime.now, random: SystemRandom())
    try TransferParser.forEachItem(in: text, format: format, random: SystemRandom()) { try add($0) }
  }

  var logins: [ConvertedLogin] { rows.map { ConvertedLogin($0.login) } }
  var refusals: [RefusedItem] { refused.map { RefusedItem($0.location, $0.reason) } }
}

/// The files of `Tests/Fixtures/transfer`.
enum TransferFixture {
  /// A note of 100 KB.
  static let longNote = String(repeating: "a long, \"quoted\" note\n", count: 4700) + "its end"

  /// Returns a file. In comma-separated values and JSON, `LONG NOTE` is the long note in the form of the file.
  static func text(_ name: String) throws -> SecretBytes {
    let url = TestVectors.fixtures.appendingPathComponent("transfer/" + name)
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let isJSON = name.hasSuffix(".json") || name.hasSuffix(".data")
    if isJSON { return SecretBytes(utf8: text.replacing("\"LONG NOTE\"", with: LoginJSON.quote(longNote))) }
    let quoted = "\"" + longNote.replacing("\"", with: "\"\"") + "\""
    return SecretBytes(
      utf8: text.replacing("\"LONG NOTE\"", with: quoted).replacing("LONG NOTE", with: quoted))
  }
}
