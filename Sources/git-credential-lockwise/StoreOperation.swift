import LockwiseCore

/// Keeps what git has just verified.
struct StoreOperation {
  /// A password that is good for less than this is not kept, seconds.
  static let shortestUse: Int64 = 3600

  let run: HelperRun
  let request: GitCredentialRequest

  /// What is to be kept; `nil` if that is nothing.
  ///
  /// - Throws: `GitCredentialRequest.Malformed` for a secret with a NUL byte, which git cannot have, and for one that is
  ///   not UTF-8, which Firefox cannot have.
  static func credential(of request: GitCredentialRequest, now: Int64) throws(GitCredentialRequest.Malformed)
    -> VerifiedCredential?
  {
    guard !request.isEphemeral, let origin = request.origin, let secret = request.secret else { return nil }
    // git stores no password without a user name (credential.c `credential_approve`).
    guard let username = request.username ?? (request.authtype == nil ? nil : "") else { return nil }
    if let expiry = request.passwordExpiry, expiry < now + shortestUse { return nil }
    guard !secret.withUnsafeBytes({ $0.contains(0) }) else { throw .controlCharacter }
    guard secret.withUnsafeBytes(UTF8Text.isValid) else { throw .notUTF8 }
    var credential = VerifiedCredential(origin: origin, username: username, secret: secret)
    credential.realms = request.realms
    credential.path = request.place
    credential.authtype = request.credential == nil ? nil : request.authtype
    credential.passwordExpiry = request.passwordExpiry
    credential.oauthRefreshToken = request.oauthRefreshToken.flatMap {
      $0.withUnsafeBytes(UTF8Text.isValid) ? $0 : nil
    }
    return credential
  }

  /// Keeps it. A locked vault stays locked, and keeps nothing.
  ///
  /// - Throws: `GitCredentialRequest.Malformed`; `VaultError`; `LoginRecordError`.
  func perform() throws {
    guard let credential = try Self.credential(of: request, now: run.now),
      let vault = try run.vaultUnasked(.reading)
    else { return }
    for state in request.states where try isAnswer(state, credential, vault) {
      // What we said was right. That is all, unless it was not what we would have said unasked.
      guard state.isChoice else { return }
      return try remember(state.guid, credential)
    }
    let settings = run.settings(for: request)
    let logins = try vault.logins(at: credential.origin)
    switch StorePlan(for: credential, among: logins) {
    case .unchanged(let login):
      try noteUse(of: login, credential, among: logins, vault)
    case .change(let login, let git):
      guard settings.mayStore else { return }
      var changes = login.changes(to: git)
      changes.password = credential.secret
      try run.change { try $0.change(guid: login.guid, changes) }
      try noteUse(of: login, credential, among: logins, vault)
    case .create(let realm, let git):
      if logins.isEmpty, try isKeptElsewhere(credential, vault, settings) { return }
      guard settings.mayStore else { return }
      var draft = LoginDraft(
        origin: credential.origin.serialized, target: .realm(realm), username: credential.username,
        password: credential.secret)
      draft.set(git)
      var login: LoginRecord?
      try run.change { login = try $0.add(draft) }
      if let login { try noteUse(of: login, credential, among: logins + [login], vault) }
    }
  }

  private func isAnswer(_ state: StateAttribute, _ credential: VerifiedCredential, _ vault: Vault) throws -> Bool {
    try vault.isState(
      state, of: credential.origin, path: credential.path, username: credential.username, secret: credential.secret)
  }

  /// Whether the login of an alias answered.
  private func isKeptElsewhere(_ credential: VerifiedCredential, _ vault: Vault, _ settings: GitSettings) throws
    -> Bool
  {
    let candidates = try Candidates(at: credential.origin, in: vault, settings: settings)
    var there = credential
    there.origin = candidates.origin
    if case .unchanged = StorePlan(for: there, among: candidates.logins) { return true }
    return false
  }

  /// Notes that a login was used here if another one would be preferred otherwise, and that it is not refused any more.
  private func noteUse(
    of login: LoginRecord, _ credential: VerifiedCredential, among logins: [LoginRecord], _ vault: Vault
  ) throws {
    let memory = try vault.gitMemory()
    let isRefused =
      try !memory.isEmpty && memory.isRefused(vault.refusal(of: login, by: credential.origin), now: run.now)
    guard logins.count > 1 || isRefused else { return }
    var query = LoginQuery(origin: credential.origin, realms: credential.realms, path: credential.path)
    query.takesAuthtype = credential.authtype != nil
    let place = try vault.place(credential.origin, path: credential.path)
    query.lastUsed = memory.lastUsed(at: place)
    let isPreferred = query.lastUsed == login.guid || query.answers(among: logins).first?.guid == login.guid
    guard isRefused || !isPreferred else { return }
    try remember(login.guid, credential, forgiving: isRefused ? login : nil)
  }

  private func remember(_ guid: String, _ credential: VerifiedCredential, forgiving login: LoginRecord? = nil) throws {
    try run.remember { vault, memory in
      memory.use(guid, at: try vault.place(credential.origin, path: credential.path))
      if let login { memory.forgive(try vault.refusal(of: login, by: credential.origin)) }
    }
  }
}
