import Foundation

/// A folder with an account and its storage in `account.json` and `storage.json`.
struct Fixture {
  let directory: String

  private func read(_ name: String) throws -> JSON {
    let path = "\(directory)/\(name)"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SandboxError("cannot read \(path)")
    }
    do {
      return try JSON(parsing: data)
    } catch {
      throw SandboxError("\(path): \(error)")
    }
  }

  /// Adds the account and its storage to a state.
  ///
  /// - Throws: ``SandboxError`` for a missing or invalid file.
  func load(into state: SandboxState) throws {
    let json = try read("account.json")
    guard let email = json["email"]?.text, let password = json["password"]?.text, let uid = json["uid"]?.text,
      let kB = Hex.strict(json["kB"]?.text, count: 32), let changed = json["keyRotationTimestamp"]?.int
    else {
      throw SandboxError("\(directory)/account.json: email, password, uid, kB or keyRotationTimestamp is missing")
    }
    let account = Account(
      uid: uid, email: email, kB: kB, keysChangedAt: changed, generation: json["generation"]?.int ?? changed)
    account.scryptRounds = state.scryptRounds
    try account.setPassword(
      password, version2: json["keyStretching"]?.text == "v2")
    if let kid = json["kid"]?.text, kid != account.keyID {
      throw SandboxError("\(directory)/account.json: kid does not match kB")
    }
    state.accounts.add(account)
    let user = AccountStorage(state: state, account: account).tokenUser
    let storage = try UserStorage(uid: user.uid, json: read("storage.json"), latest: state.clock.now)
    state.storage.put(storage)
  }
}
