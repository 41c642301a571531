import Foundation

/// A login on the server, in a Firefox or in a vault.
struct SyncedLogin: CustomStringConvertible {
  /// The members by their names in records of Sync.
  let members: [String: Any]

  init(_ members: [String: Any]) { self.members = members }

  var id: String { text("id") }
  var username: String { text("username") }
  var password: String { text("password") }

  func text(_ name: String) -> String { members[name] as? String ?? "" }

  /// Returns the sorted members as JSON, with null or "" for absent ones, without those that Firefox does not upload.
  ///
  /// - Parameter times: whether to include the times. Firefox copies them from a new record, but keeps or sets its own
  ///   when a record changes (`LoginHelper.buildModifiedLogin`).
  func comparable(withTimes times: Bool = true) -> String {
    var all = members.filter { name, _ in
      name != "timesUsed" && name != "timeLastUsed"
        && (times || !["timeCreated", "timePasswordChanged"].contains(name))
    }
    for name in ["formSubmitURL", "httpRealm"] where all[name] == nil { all[name] = NSNull() }
    for name in ["usernameField", "passwordField"] where all[name] == nil { all[name] = "" }
    return Self.json(all)
  }

  var description: String { comparable() }
}

/// Logins by their ids.
typealias SyncedLogins = [String: SyncedLogin]

extension SyncedLogins {
  init(_ list: [[String: Any]]) {
    self.init(list.map { SyncedLogin($0) }.map { ($0.id, $0) }) { first, _ in first }
  }

  /// Returns the differences from `other`, a line each, for the message of a failed test.
  func differences(from other: SyncedLogins, withTimes times: Bool) -> String {
    Set(keys).union(other.keys).sorted().compactMap { id in
      let (first, second) = (self[id]?.comparable(withTimes: times), other[id]?.comparable(withTimes: times))
      return first == second ? nil : "\(id): \(first ?? "absent")\n  but \(second ?? "absent")"
    }.joined(separator: "\n")
  }
}

extension SyncedLogin {
  /// Whether a member has this value.
  func has(_ value: Any, in name: String) -> Bool {
    guard let member = members[name] else { return false }
    return Self.json(member) == Self.json(value)
  }

  /// JSON text with sorted members.
  fileprivate static func json(_ value: Any) -> String {
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed]
    let data = try? JSONSerialization.data(withJSONObject: value, options: options)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
