import LockwiseCore

/// A problem with the password of one entry.
enum AuditFinding: Equatable {
  /// It is also the password of other sites; the number includes this one.
  case reused(sites: Int)
  /// It withstands few guesses; whole bits (`PasswordEstimate`).
  case weak(bits: Int)
  /// It is the user name, or the part of it before the `@`.
  case sameAsUsername
  /// It is the name of the host, or a part of it.
  case sameAsHost
  /// It is sent without encryption.
  case unencrypted
  /// It has not been changed for some days.
  case old(days: Int)
  /// It occurs in public breaches.
  case breached(count: Int)

  /// The name of the problem in JSON.
  var name: String {
    switch self {
    case .reused: "reused"
    case .weak: "weak"
    case .sameAsUsername: "same-as-username"
    case .sameAsHost: "same-as-host"
    case .unencrypted: "unencrypted"
    case .old: "old"
    case .breached: "breached"
    }
  }

  /// The number that belongs to the problem, with its name in JSON; `nil` if there is none.
  var number: (name: String, value: Int)? {
    switch self {
    case .reused(let sites): ("sites", sites)
    case .weak(let bits): ("bits", bits)
    case .old(let days): ("days", days)
    case .breached(let count): ("count", count)
    case .sameAsUsername, .sameAsHost, .unencrypted: nil
    }
  }

  /// The problem in a few words.
  var text: String {
    switch self {
    case .reused(let sites): "used on \(sites) sites"
    case .weak(let bits): "weak, about \(bits) bits"
    case .sameAsUsername: "same as the user name"
    case .sameAsHost: "same as the host"
    case .unencrypted: "sent over http"
    case .old(let days): "not changed for \(days) days"
    case .breached(let count): "found in breaches \(count) \(count == 1 ? "time" : "times")"
    }
  }
}
