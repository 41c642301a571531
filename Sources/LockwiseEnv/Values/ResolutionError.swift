import LockwiseCore

/// The references that have no value.
struct ResolutionError: SeveralFailures {
  /// A reference without a value.
  struct Failure: Error {
    /// The reason.
    let reason: ResolutionFailure
    /// The reference as it is written.
    let text: String
    /// What it is for; `nil` if the reference says it.
    let label: String?
    /// The reference.
    let reference: Reference
  }

  /// The references, at least one.
  let missing: [Failure]

  /// The errors as a program shows them.
  var failures: [UserFacingError] { missing.map(\.userFacing) }
}

/// The reason why a reference has no value.
enum ResolutionFailure: Error, Equatable {
  /// There is no such login.
  case noLogin
  /// There are several. The references that distinguish them.
  case ambiguous([String])
  /// The login has no such field.
  case noField
  /// The one-time code depends on a counter.
  case countingCode
  /// The line with the one-time code is not valid.
  case invalidCode

  /// The reason in a few words.
  var reason: String {
    switch self {
    case .noLogin: "there is no such login"
    case .ambiguous: "there are several such logins"
    case .noField: "the login has no such field"
    case .countingCode: "its codes depend on a counter, not on the time"
    case .invalidCode: "its one-time code is not valid"
    }
  }
}

extension ResolutionError.Failure {
  private static let mostShown = 20

  /// The error as a program shows it.
  fileprivate var userFacing: UserFacingError {
    let purpose = label.map { " for \($0)" } ?? ""
    return UserFacingError("cannot find \(text)\(purpose): \(reason.reason)", hints: hints, exitCode: .failure)
  }

  private var hints: [String] {
    switch reason {
    case .noLogin: return missingHints
    case .ambiguous(let texts):
      let rest = texts.count - Self.mostShown
      return texts.prefix(Self.mostShown).map { "use \($0)" } + (rest > 0 ? ["and \(rest) more"] : [])
    case .noField, .invalidCode: return []
    case .countingCode: return ["get the next one: lockwise-pass otp NAME"]
    }
  }

  private var missingHints: [String] {
    switch reference.login {
    case .guid(let guid):
      return guid.utf8.first == UInt8(ascii: "{") ? [] : ["this is read as a GUID; write a host in lower case"]
    case .entry(let place, let username?, nil):
      guard let field = ReferenceField.named.first(where: { $0.name.isSameText(as: username) }),
        reference.field == .password
      else { return [] }
      let meant = Reference(login: .entry(place, username: "", digits: nil), field: field)
      return ["here \(username) is the name of a user; for the field use \(meant.text)"]
    case .entry: return []
    }
  }
}
