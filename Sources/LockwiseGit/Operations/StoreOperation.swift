import LockwiseCLI
import LockwiseCore

/// The operation `store`, which stores a credential that git has verified.
struct StoreOperation {
  /// The minimum remaining lifetime of a password without a refresh token. Shorter ones are not stored.
  static let shortestUse: Seconds = 3600

  let helper: GitHelper
  let request: GitCredentialRequest

  /// Returns the credential to store; `nil` if there is none.
  ///
  /// - Throws: `GitCredentialRequest.Malformed` if the secret contains a NUL byte, which git does not support, is not
  ///   UTF-8, which Firefox does not support, or contains a carriage return, which git could not read again.
  static func credential(of request: GitCredentialRequest, now: Seconds) throws(GitCredentialRequest.Malformed)
    -> VerifiedCredential?
  {
    guard !request.isEphemeral, let origin = request.origin, let secret = request.secret else { return nil }
    // git does not store passwords without a user name (credential.c, `credential_approve`).
    guard !request.hasUnreadableUsername else { throw .notUTF8 }
    guard let username = request.username ?? (request.authtype == nil ? nil : "") else { return nil }
    let refreshToken = request.oauthRefreshToken.flatMap { isCarried($0) ? $0 : nil }
    if let expiry = request.passwordExpiry, expiry < now + shortestUse, refreshToken == nil { return nil }
    guard !secret.withUnsafeBytes({ $0.contains(0) || $0.contains(0x0D) }) else { throw .controlCharacter }
    guard secret.withUnsafeBytes({ UTF8Text.isValid($0) }) else { throw .notUTF8 }
    var credential = VerifiedCredential(origin: origin, username: username, secret: secret)
    credential.realms = request.realms
    credential.path = request.place
    credential.authtype = request.credential == nil ? nil : request.authtype
    credential.passwordExpiry = request.passwordExpiry
    credential.oauthRefreshToken = refreshToken
    return credential
  }

  /// Returns whether both Firefox and git's protocol support a text.
  private static func isCarried(_ text: SecretBytes) -> Bool {
    text.withUnsafeBytes { UTF8Text.isValid($0) && !$0.contains(0) && !$0.contains(0x0D) }
  }

  /// Stores the credential, or reports the reason why not.
  ///
  /// - Throws: `GitCredentialRequest.Malformed` if the secret cannot be stored; `VaultError`; `LoginRecordError`.
  func perform() throws {
    if request.isSingleSignOn, let origin = request.origin { return try keepSingleSignOn(origin) }
    guard let credential = try Self.credential(of: request, now: helper.context.now),
      let vault = try helper.vault(for: .approval, from: credential.origin.serialized, request)
    else { return }
    for state in request.states where try isAnswer(state, credential, vault) {
      // The returned login was accepted. Nothing else needs to be recorded unless a user name or a setting selected it.
      guard state.isChoice, credential.path != nil else { return }
      let place = try vault.place(credential.origin, path: credential.path)
      return try vault.changeGitMemory { $0.recordUse(state.guid, at: place) }
    }
    let settings = helper.settings(for: request)
    let logins = try vault.logins(at: credential.origin)
    func makeUse() throws -> StoredUse {
      try StoredUse(of: credential, among: logins, in: vault, now: helper.context.now)
    }
    switch StorePlan(for: credential, among: logins) {
    case .unchanged(let login):
      // By far the most frequent case: one login and an empty memory.
      guard try logins.count > 1 || !vault.gitMemory().isEmpty else { return }
      guard let memory = try makeUse().memory(of: login, in: logins) else { return }
      try vault.changeGitMemory(memory)
    case .change(let login, let git):
      guard settings.mayStore else { return }
      let use = try makeUse()
      var changes = login.changes(to: git)
      changes.password = credential.secret
      try helper.context.change(in: vault) { editor in
        let changed = try editor.change(guid: login.guid, changes)
        let present = logins.map { $0.guid == login.guid ? changed : $0 }
        if let memory = try use.memory(of: changed, in: present) { try editor.changeGitMemory(memory) }
      }
    case .create(let realm, let git):
      if logins.isEmpty, try isKeptElsewhere(credential, vault, settings) { return }
      guard settings.mayStore else { return }
      let use = try makeUse()
      var draft = LoginDraft(
        origin: credential.origin.serialized, target: .realm(realm), username: credential.username,
        password: credential.secret)
      draft.set(git)
      try helper.context.change(in: vault) { editor in
        let login = try editor.add(draft)
        if let memory = try use.memory(of: login, in: logins + [login]) { try editor.changeGitMemory(memory) }
      }
    }
  }

  /// Remembers single sign-on in the local memory, because Firefox does not support logins without a password.
  private func keepSingleSignOn(_ origin: Origin) throws {
    guard !request.isEphemeral, let vault = try helper.vault(for: .approval, from: origin.serialized, request) else {
      return
    }
    let place = try vault.place(origin, path: request.place)
    guard try !vault.gitMemory().isSingleSignOn(at: place), helper.settings(for: request).mayStore else { return }
    try vault.changeGitMemory { $0.setSingleSignOn(true, at: place) }
  }

  private func isAnswer(_ state: StateAttribute, _ credential: VerifiedCredential, _ vault: Vault) throws -> Bool {
    try vault.isState(
      state, of: credential.origin, path: credential.path, username: credential.username, secret: credential.secret)
  }

  /// Returns whether a login of an alias or a proxy has this credential.
  private func isKeptElsewhere(_ credential: VerifiedCredential, _ vault: Vault, _ settings: GitSettings) throws
    -> Bool
  {
    let candidates = try Candidates(at: credential.origin, in: vault, settings: settings)
    var there = credential
    there.origin = candidates.origin
    if case .unchanged = StorePlan(for: there, among: candidates.logins) { return true }
    return false
  }
}
