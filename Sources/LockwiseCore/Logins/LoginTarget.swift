/// What a login is for: a form, or HTTP authentication. A record has exactly one of the two.
public enum LoginTarget: Equatable, Sendable {
  /// A form that is sent to this origin; `""` stands for any.
  case form(String)
  /// HTTP authentication with this realm, maybe empty.
  case realm(String)
}

extension LoginRecord {
  /// What the login is for.
  public var target: LoginTarget {
    // A valid record has one of the two.
    httpRealm.map { .realm($0) } ?? .form(formActionOrigin ?? "")
  }

  /// Whether Firefox would take both for one login and drop one of them: the same origin, target and user name.
  public func isSameLogin(as other: LoginRecord) -> Bool {
    origin.isSameText(as: other.origin) && username.isSameText(as: other.username)
      && target.isSameTarget(as: other.target)
  }
}

extension LoginTarget {
  /// Compared byte by byte, as Firefox does.
  fileprivate func isSameTarget(as other: LoginTarget) -> Bool {
    switch (self, other) {
    case (.form(let a), .form(let b)), (.realm(let a), .realm(let b)): a.isSameText(as: b)
    default: false
    }
  }
}
