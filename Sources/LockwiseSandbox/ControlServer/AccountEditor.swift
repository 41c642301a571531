import Foundation

/// The changes to accounts that their owner or Mozilla would make.
struct AccountEditor {
  let state: SandboxState

  /// Creates or changes an account, as `POST account` requests.
  ///
  /// - Throws: ``SandboxError`` for an invalid request.
  func edit(_ body: JSON) throws -> JSON {
    if let email = body["create"]?.text {
      guard let password = body["password"]?.text else {
        throw SandboxError("a new account needs a password")
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
      guard let bytes = Hex.decode(secret) else { throw SandboxError("totpSecret must be hexadecimal") }
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

  /// Adds an account with new keys and an empty storage.
  ///
  /// - Throws: ``SandboxError`` for an invalid or used address, or an empty password.
  @discardableResult func create(email: String, password: String, version2: Bool) throws -> Account {
    guard email.contains("@"), !password.isEmpty else {
      throw SandboxError("an account needs an address and a password")
    }
    guard state.accounts.account(email: email) == nil else {
      throw SandboxError("an account with the address \(email) exists")
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

  /// Changes the password. A reset replaces kB, which makes the stored records unreadable.
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
    // Mozilla's token server learns the new generation from the next access token. Here it takes effect immediately.
    state.tokenUsers.update(account.uid) { $0.generation = max($0.generation, account.generation) }
  }

  /// Moves an account to another storage node, with a new storage user that is empty unless `keepData` is set.
  ///
  /// - Throws: ``SandboxError`` for an invalid request.
  func reassign(_ body: JSON) throws -> JSON {
    let account = try state.account(email: body["email"]?.text)
    let storage = AccountStorage(state: state, account: account)
    let before = storage.tokenUser
    let old = storage.user
    let node = body["node"]?.text ?? (before.node == "storage" ? "storage-2" : "storage")
    guard node == "storage" || node.hasPrefix("storage-"), !node.contains("/") else {
      throw SandboxError("the name of a node must be storage or start with storage-")
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
