/// The reason why a record is not a valid login. It contains nothing of the record but a member's name.
public enum LoginRecordError: Error, Equatable, Sendable {
  /// The cleartext is not a JSON object.
  case notAnObject
  /// The cleartext's id differs from the record's id on the server.
  case idMismatch
  /// The cleartext has no id, so the server could have stored it under any.
  case noID
  /// The id is not a valid record id.
  case badID
  /// A member has the wrong type.
  case wrongType(member: String)
  /// There is no origin.
  case noOrigin
  /// The origin contains ` (`, which Firefox refuses.
  case badOrigin
  /// There is neither a form action origin nor a realm.
  case noTarget
  /// There is both a form action origin and a realm.
  case bothTargets
  /// The password is missing or empty.
  case noPassword
  /// A member contains a forbidden character.
  case badCharacter(member: String)
  /// A form field is called `.`, which Firefox refuses.
  case badFieldName(member: String)
}

extension LoginRecordError: CustomStringConvertible {
  /// A short phrase for messages.
  public var description: String {
    switch self {
    case .notAnObject: "not a JSON object"
    case .idMismatch: "its id differs from the id it is stored under"
    case .noID: "it has no id of its own"
    case .badID: "its id is invalid"
    case .wrongType(let member): "member \(member) has the wrong type"
    case .noOrigin: "no origin"
    case .badOrigin: "Firefox does not accept its origin"
    case .noTarget: "neither a form nor a realm"
    case .bothTargets: "both a form and a realm"
    case .noPassword: "no password"
    case .badCharacter(let member): "member \(member) has an invalid character"
    case .badFieldName(let member): "member \(member) is a single dot"
    }
  }
}

extension LoginRecord {
  /// Checks the rules of both Firefox implementations: application-services' `validate_and_fixup` and desktop's
  /// `checkLoginValues`. Tests with Firefox ESR 153 show that it refuses or damages records that break them.
  ///
  /// - Throws: `LoginRecordError` naming the first broken rule.
  func checkValidity() throws {
    guard Self.isValidID(guid) else { throw LoginRecordError.badID }
    guard !origin.isEmpty else { throw LoginRecordError.noOrigin }
    guard origin.utf8.firstRange(of: " (") == nil else { throw LoginRecordError.badOrigin }
    switch (formActionOrigin, httpRealm) {
    case (nil, nil): throw LoginRecordError.noTarget
    case (.some, .some): throw LoginRecordError.bothTargets
    default: break
    }
    guard !password.isEmpty else { throw LoginRecordError.noPassword }
    try checkSingleLine(origin, "hostname")
    try checkSingleLine(formActionOrigin ?? "", "formSubmitURL")
    try checkSingleLine(httpRealm ?? "", "httpRealm")
    try checkSingleLine(usernameField, "usernameField")
    try checkSingleLine(passwordField, "passwordField")
    guard !username.utf8.contains(0) else { throw LoginRecordError.badCharacter(member: "username") }
    guard !password.withUnsafeBytes({ $0.contains(0) }) else {
      throw LoginRecordError.badCharacter(member: "password")
    }
    guard usernameField != "." else { throw LoginRecordError.badFieldName(member: "usernameField") }
    guard formActionOrigin != "." else { throw LoginRecordError.badFieldName(member: "formSubmitURL") }
  }

  private func checkSingleLine(_ text: String, _ member: String) throws {
    if text.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) {
      throw LoginRecordError.badCharacter(member: member)
    }
  }

  /// Returns whether `id` is a valid record id: 1 to 64 bytes of printable ASCII without commas (application-services,
  /// `Guid::is_valid_for_sync_server`).
  public static func isValidID(_ id: String) -> Bool {
    (1...64).contains(id.utf8.count)
      && id.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: ",") }
  }
}
