import Foundation
import Testing

/// A storage that another client set up, and the reaction of a new Firefox: the second table of Firefox's behaviour.
struct StorageState: Sendable, CustomTestStringConvertible {
  /// Firefox's reaction to the storage.
  enum Outcome: Sendable {
    /// Firefox accepts it and deletes nothing, and these engines fail.
    case taken(failing: Set<String> = [])
    /// Firefox switches these engines off, and deletes the collection of one of two that share a switch in its settings
    /// (`addons` and `extension-storage`, `history` and `forms`), if only the other is named.
    case switchedOff(Set<String>, deleting: [String] = [])
    /// Firefox deletes the collections on the server one by one and uploads its own.
    case replaced
    /// Firefox deletes everything and sets up the storage again.
    case wiped
    /// Firefox neither deletes nor syncs, with this result.
    case refused(login: String, sync: String)
    /// Firefox deletes nothing, and does not sync passwords.
    case passwordsRefused
  }

  /// The engines in `meta/global` (Firefox ESR 153).
  static let engines = [
    "addons": 1, "bookmarks": 2, "clients": 1, "extension-storage": 1, "forms": 1, "history": 1, "passwords": 1,
    "prefs": 2, "tabs": 1,
  ]

  let testDescription: String
  /// The JSON of `meta/global`; nil if it is missing.
  let global: String?
  /// The JSON of `crypto/keys`; nil if it is missing.
  let keys: String?
  /// Whether `crypto/keys` is encrypted with another key than the account's.
  let isOfAnotherKey: Bool
  let outcome: Outcome

  private init(
    _ name: String, _ outcome: Outcome, global: [String: Any?]? = [:], keys: [String: Any?]? = [:],
    isOfAnotherKey: Bool = false
  ) {
    testDescription = name
    self.outcome = outcome
    self.isOfAnotherKey = isOfAnotherKey
    let plainGlobal: [String: Any?] = [
      "syncID": "AAAAsyncID01", "storageVersion": 5, "engines": Self.listed(), "declined": [String](),
    ]
    let plainKeys: [String: Any?] = [
      "id": "keys", "collection": "crypto", "default": Self.keyPair(1), "collections": [String: Any](),
    ]
    self.global = global.map { Self.text(plainGlobal.merging($0) { $1 }) }
    self.keys = keys.map { Self.text(plainKeys.merging($0) { $1 }) }
  }

  private static func text(_ members: [String: Any?]) -> String {
    let data = try? JSONSerialization.data(withJSONObject: members.compactMapValues { $0 })
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  private static func keyPair(_ seed: UInt8) -> [String] {
    [seed, seed + 1].map { Data(repeating: $0, count: 32).base64EncodedString() }
  }

  private static func id(_ name: String) -> String {
    "AAAA" + (name + "AAAAAAAA").replacingOccurrences(of: "-", with: "_").prefix(8)
  }

  private static func naming(but names: String...) -> [String: Any] {
    ["engines": listed(Set(engines.keys).subtracting(names))]
  }

  private static func listed(
    _ names: Set<String> = Set(engines.keys), syncID: (String) -> String? = id,
    version: (Int) -> Any = { $0 }, changing changes: [String: Int] = [:]
  ) -> [String: Any] {
    var list: [String: Any] = [:]
    for (name, number) in engines where names.contains(name) {
      var entry: [String: Any] = ["version": version(changes[name] ?? number)]
      entry["syncID"] = syncID(name)
      list[name] = entry
    }
    return list
  }

  static var all: [StorageState] {
    let uuid = "6a49f3d8-2a4d-4b19-9d5d-3c1b1a8d1f01"
    return [
      Self("all engines", .taken()),
      Self(
        "bookmarks and prefs not named", .switchedOff(["bookmarks", "prefs"]), global: naming(but: "bookmarks", "prefs")
      ),
      Self("passwords not named", .switchedOff(["passwords"]), global: naming(but: "passwords")),
      Self(
        "addons not named", .switchedOff(["addons", "extension-storage"], deleting: ["extension-storage"]),
        global: naming(but: "addons")),
      Self("no engines", .replaced, global: ["engines": [String: Any]()]),
      Self("no meta/global", .wiped, global: nil),
      Self("no crypto/keys", .wiped, keys: nil),
      Self("no syncID", .wiped, global: ["syncID": nil]),
      Self("storageVersion 4", .wiped, global: ["storageVersion": 4]),
      Self(
        "storageVersion 6", .refused(login: "success.status_ok", sync: "error.sync.reason.version_out_of_date"),
        global: ["storageVersion": 6]),
      Self("passwords version 2", .passwordsRefused, global: ["engines": listed(changing: ["passwords": 2])]),
      Self(
        "crypto/keys under another kB",
        .refused(login: "error.login.reason.recoverykey", sync: "error.sync.reason.credentials_changed"),
        isOfAnotherKey: true),
      Self(
        "passwords declined", .switchedOff(["passwords"]),
        global: [
          "declined": ["passwords"], "engines": listed(Set(engines.keys).subtracting(["passwords"])),
        ]),
      Self("storageVersion as text", .taken(), global: ["storageVersion": "5"]),
      Self("versions as text", .taken(), global: ["engines": listed(version: { String($0) })]),
      Self(
        "no syncID of passwords", .taken(), global: ["engines": listed(syncID: { $0 == "passwords" ? nil : id($0) })]),
      Self(
        "no syncIDs of engines", .taken(failing: ["bookmarks", "extension-storage", "history", "tabs"]),
        global: ["engines": listed(syncID: { _ in nil })]),
      Self("syncIDs that are UUIDs", .taken(), global: ["syncID": uuid, "engines": listed(syncID: { _ in uuid })]),
      Self("crypto/keys without id and collection", .taken(), keys: ["id": nil, "collection": nil]),
      Self("keys of collections", .taken(), keys: ["collections": ["passwords": keyPair(11), "forms": keyPair(21)]]),
    ]
  }
}
