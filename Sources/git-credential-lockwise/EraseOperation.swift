import LockwiseCore

/// Sees to it that git is not offered again what a host refused.
struct EraseOperation {
  let run: HelperRun
  let request: GitCredentialRequest

  /// What is done with a login that a host refused.
  enum Verdict: Equatable {
    /// It is deleted, here and everywhere.
    case delete
    /// It is not offered to git for a while, on this machine.
    case refuse

    /// Decides.
    ///
    /// - Parameters:
    ///   - isCreated: whether git's helper made the login.
    ///   - isAlias: whether it belongs to another host than the one that refused it.
    ///   - rule: `lockwise.erase`.
    ///   - mayStore: `lockwise.store`.
    init(isCreated: Bool, isAlias: Bool, rule: GitSettings.EraseRule, mayStore: Bool) {
      let mayDelete = mayStore && !isAlias && (rule == .all || (rule == .own && isCreated))
      self = mayDelete ? .delete : .refuse
    }
  }

  /// Does it. A locked vault stays locked.
  ///
  /// - Throws: `VaultError`; `CryptoError`.
  func perform() throws {
    guard let origin = request.origin, let vault = try run.vaultUnasked(.reading) else { return }
    let settings = run.settings(for: request)
    let logins = try refused(origin, vault, settings)
    guard !logins.isEmpty else { return }
    var deleted: [String] = []
    var remaining: [LoginRecord] = []
    for login in logins {
      let verdict = Verdict(
        isCreated: login.git.isCreated, isAlias: Origin(login.origin) != origin, rule: settings.eraseRule,
        mayStore: settings.mayStore)
      if verdict == .delete { deleted.append(login.guid) } else { remaining.append(login) }
    }
    if !deleted.isEmpty {
      try run.change { editor in
        try editor.together { editor in for guid in deleted { try editor.delete(guid: guid) } }
      }
    }
    let span = remaining.isEmpty ? 0 : settings.refusedFor
    guard span > 0 else { return }
    try run.remember { vault, memory in
      for login in remaining {
        memory.refuse(try vault.refusal(of: login, by: origin), until: run.now + span, now: run.now)
      }
    }
  }

  /// The logins that the host refused: the one that a state names, else all with the request's password.
  private func refused(_ origin: Origin, _ vault: Vault, _ settings: GitSettings) throws -> [LoginRecord] {
    for state in request.states {
      guard let login = try vault.login(guid: state.guid),
        request.username.map({ $0.isSameText(as: login.username) }) ?? true,
        try vault.isState(
          state, of: origin, path: request.place, username: login.username, secret: request.secret ?? login.password)
      else { continue }
      return request.secret.map { $0 == login.password } ?? true ? [login] : []
    }
    // Without a password git cannot know that it was refused.
    guard let secret = request.secret else { return [] }
    return try Candidates(at: origin, in: vault, settings: settings).logins.filter { login in
      request.username.map { $0.isSameText(as: login.username) } ?? true
        && login.gitPath.map { $0.isSameText(as: request.place ?? $0) } ?? true && login.password == secret
    }
  }
}
