/// The use of a login: a form or HTTP authentication. A record has exactly one of the two.
public enum LoginTarget: Equatable, Sendable {
  /// A form that is submitted to this origin; `""` matches any origin.
  case form(String)
  /// HTTP authentication with this realm, which may be empty.
  case realm(String)
}

extension LoginTarget {
  /// Returns the target of a new login of an origin: a form that is submitted to any origin, as about:logins makes it,
  /// or the realm that logins of this scheme have.
  package static func forNewLogin(at origin: Origin) -> LoginTarget { WebLikeName.target(origin) }
}

extension LoginRecord {
  /// The form or HTTP realm of the login.
  public var target: LoginTarget {
    // A valid record has one of the two members.
    httpRealm.map { .realm($0) } ?? .form(formActionOrigin ?? "")
  }

  /// Returns whether Firefox would treat both as one login and drop one of them: they have the same origin, target and
  /// user name.
  public func isSameLogin(as other: LoginRecord) -> Bool {
    origin.isSameText(as: other.origin) && username.isSameText(as: other.username)
      && target.isSameTarget(as: other.target)
  }
}

extension LoginTarget {
  /// Compares two targets byte by byte, as Firefox does.
  fileprivate func isSameTarget(as other: LoginTarget) -> Bool {
    switch (self, other) {
    case (.form(let a), .form(let b)), (.realm(let a), .realm(let b)): a.isSameText(as: b)
    default: false
    }
  }
}
