import LockwiseCore

@testable import LockwiseAccounts

/// The keys that the seeds are encrypted with: 0, 1, 2 …
private let keys = NSSKeys([
  NSSKey(
    name: NSSKey.Name(object: 1, id: [0xF8] + [UInt8](repeating: 0, count: 14) + [1], label: []),
    value: SecretBytes(copying: Array(0..<32))),
  NSSKey(
    name: NSSKey.Name(object: 2, id: [], label: Array("as-logins-key".utf8)),
    value: SecretBytes(copying: Array(0..<32))),
])

/// Reads a file of logins, and checks that each login that is read obeys the rules of a record and has the members of
/// the stored one.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let text = SecretBytes(copying: input)
  if let kept = NSSKeys(text: text) { precondition(NSSKeys(text: kept.text)?.all.map(\.name) == kept.all.map(\.name)) }
  if let text = text.exposedText(), let version = ProfileVersion(text: text) {
    precondition(ProfileVersion(text: version.text) == version)
  }
  guard let object = try? JSONObject(parsing: text), let file = try? LoginsFile(object) else { return }
  file.forEach { reading in
    switch reading {
    case .invalid(let id, _): precondition(id.hasPrefix("#") || LoginRecord.isValidID(id))
    case .login(let login): check(login)
    }
    return true
  }
}

private func check(_ login: StoredLogin) {
  precondition(LoginRecord.isValidID(login.id))
  guard let record = try? login.record(keys) else { return }
  precondition(record.guid == login.id && record.origin == login.origin)
  precondition(record.formActionOrigin == login.formSubmitURL && record.httpRealm == login.httpRealm)
  precondition(!record.password.isEmpty)
  guard let object = try? JSONObject(parsing: record.json) else { fatalError("a record that is not JSON") }
  precondition(object.hasDistinctNames, "a member twice")
  precondition(Tombstone.reading(object, guid: login.id) == .none, "a mark of a deleted login")
}
