import Foundation

/// An account and its storage in a folder with `account.json` and `storage.json`.
struct Fixture {
  let directory: String

  private func read(_ name: String) throws -> JSON {
    let path = "\(directory)/\(name)"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StateProblem("can't read \(path)")
    }
    do {
      return try JSON(parsing: data)
    } catch {
      throw StateProblem("\(path): \(error)")
    }
  }

  /// Puts the fixture into a state.
  ///
  /// - Throws: ``StateProblem`` for files that are missing or not as they should be.
  func load(into state: SandboxState) throws {
    let json = try read("account.json")
    guard let email = json["email"]?.text, let password = json["password"]?.text, let uid = json["uid"]?.text,
      let kB = Hex.strict(json["kB"]?.text, count: 32), let changed = json["keyRotationTimestamp"]?.int
    else {
      throw StateProblem("\(directory)/account.json lacks email, password, uid, kB or keyRotationTimestamp")
    }
    let account = Account(
      uid: uid, email: email, kB: kB, keysChangedAt: changed, generation: json["generation"]?.int ?? changed)
    account.scryptRounds = state.scryptRounds
    try account.setPassword(
      password, version2: json["keyStretching"]?.text == "v2")
    if let kid = json["kid"]?.text, kid != account.keyID {
      throw StateProblem("\(directory)/account.json: the kid does not belong to the kB")
    }
    state.accounts.add(account)
    let user = AccountStorage(state: state, account: account).tokenUser
    let storage = try UserStorage(uid: user.uid, json: read("storage.json"), latest: state.clock.now)
    state.storage.put(storage)
  }
}
