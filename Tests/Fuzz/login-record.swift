@testable import LockwiseCore

/// Checks that a record accepted as a login obeys the rules of one, and that its JSON is read back unchanged.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let json = SecretBytes(copying: input)
  guard let login = try? LoginRecord(json: json, bsoID: "abcdefghijkl") else { return }
  precondition(login.json == json)
  precondition(!login.origin.isEmpty && !login.password.isEmpty)
  precondition((login.formActionOrigin == nil) != (login.httpRealm == nil), "not exactly one target")
  precondition(min(login.timeCreated, login.timePasswordChanged, login.timeLastUsed, login.timesUsed) >= 0)
  for text in [login.origin, login.formActionOrigin ?? "", login.httpRealm ?? "", login.usernameField] {
    precondition(!text.utf8.contains { [0, 10, 13].contains($0) }, "a line end or NUL in one line")
  }
  for member in login.unknownMembers {
    precondition(!LoginRecord.knownMembers.contains(member.name))
    guard let value = try? JSONValue(parsing: member.json) else { fatalError("a member that is not JSON") }
    precondition(value.raw == member.json)
  }
}
