import Foundation

/// Makes accounts, and does to them what their owner or Mozilla does.
struct AccountEditor {
  let state: SandboxState

  /// - Throws: ``StateProblem``.
  func edit(_ body: JSON) throws -> JSON {
    if let email = body["create"]?.text {
      guard let password = body["password"]?.text else {
        throw StateProblem("a new account needs a password")
      }
      try create(email: email, password: password, version2: body["keyStretching"]?.text == "v2")
    }
    let account = try state.account(email: body["create"]?.text ?? body["email"]?.text)
    account.change(body)
    if let email = body["primaryEmail"]?.text { account.email = email }
    if let totp = body["totpSecret"] {
      guard let secret = totp.text else {
        account.totpSecret = nil
        return summary(account)
      }
      guard let bytes = Hex.decode(secret) else { throw StateProblem("totpSecret is hexadecimal") }
      account.totpSecret = bytes
    }
    if body["create"] == nil, let password = body["password"]?.text {
      try changePassword(
        of: account, to: password, reset: body["newKeys"]?.bool ?? false,
        version2: body["keyStretching"]?.text.map { $0 == "v2" } ?? (account.clientSalt != nil),
        keepTokens: body["keepTokens"]?.bool ?? false)
    }
    if body["revokeRefreshTokens"]?.bool == true {
      for token in state.accounts.refreshTokens.values where token.account == account.uid {
        state.accounts.revokeRefresh(id: token.id)
      }
    }
    if body["revokeSessions"]?.bool == true {
      for id in state.accounts.sessions.values.filter({ $0.account == account.uid }).map(\.id) {
        state.accounts.endSession(id)
      }
    }
    if body["expireAccessTokens"]?.bool == true { state.accounts.revokeAccess(account: account.uid) }
    if body["confirmSessions"]?.bool == true {
      for id in state.accounts.sessions.values.filter({ $0.account == account.uid }).map(\.id) {
        state.accounts.sessions[id]?.verified = true
      }
    }
    return summary(account)
  }

  private func summary(_ account: Account) -> JSON {
    ["email": .string(account.email), "uid": .string(account.uid), "kid": .string(account.keyID)]
  }

  /// Adds an account with keys of its own and nothing stored.
  @discardableResult func create(email: String, password: String, version2: Bool) throws -> Account {
    guard email.contains("@"), !password.isEmpty else {
      throw StateProblem("an account needs an address and a password")
    }
    guard state.accounts.account(email: email) == nil else {
      throw StateProblem("there is an account \(email)")
    }
    let now = state.clock.milliseconds
    let account = Account(
      uid: Hex.encode(Derive.random(16)), email: email, kB: Derive.random(32), keysChangedAt: now,
      generation: now)
    account.scryptRounds = state.scryptRounds
    try account.setPassword(password, version2: version2)
    state.accounts.add(account)
    return account
  }

  /// A change keeps kB; a reset makes a new one, and what is stored can't be read any more.
  private func changePassword(
    of account: Account, to password: String, reset: Bool, version2: Bool, keepTokens: Bool
  ) throws {
    let now = state.clock.milliseconds
    if reset {
      account.kB = Derive.random(32)
      account.keysChangedAt = max(now, account.keysChangedAt + 1)
    }
    account.generation = max(now, account.generation + 1)
    account.mustReset = false
    account.locked = false
    try account.setPassword(password, version2: version2)
    if !keepTokens { state.accounts.revokeAll(account: account.uid) }
    // The token server hears of the new generation with the next access token, or at once:
    state.tokenUsers.update(account.uid) { $0.generation = max($0.generation, account.generation) }
  }

  /// Moves an account to another storage node: new endpoint, new storage user, empty unless `keepData`.
  func reassign(_ body: JSON) throws -> JSON {
    let account = try state.account(email: body["email"]?.text)
    let storage = AccountStorage(state: state, account: account)
    let before = storage.tokenUser
    let old = storage.user
    let node = body["node"]?.text ?? (before.node == "storage" ? "storage-2" : "storage")
    guard node == "storage" || node.hasPrefix("storage-"), !node.contains("/") else {
      throw StateProblem("a node is called storage or storage-something")
    }
    let user = state.tokenUsers.allocate(
      account: account.uid, node: node, generation: before.generation, keysChangedAt: before.keysChangedAt,
      clientState: before.clientState)
    if body["keepData"]?.bool == true {
      let moved = UserStorage(uid: user.uid, modified: old.modified)
      moved.collections = old.collections
      state.storage.put(moved)
    }
    state.storage.remove(before.uid)
    return ["uid": .int(user.uid), "api_endpoint": .string("\(state.baseURL)/\(node)/1.5/\(user.uid)")]
  }
}
