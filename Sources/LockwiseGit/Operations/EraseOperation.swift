import LockwiseCLI
import LockwiseCore

/// The operation `erase`, which deletes or refuses logins that a host has rejected.
struct EraseOperation {
  let helper: GitHelper
  let request: GitCredentialRequest

  /// The treatment of a rejected login.
  enum Verdict: Equatable {
    /// The login is deleted on this machine and on the server.
    case delete
    /// The login is not offered to git on this machine for a time.
    case refuse

    /// Determines the treatment of a login.
    ///
    /// - Parameters:
    ///   - isCreated: whether `git-credential-lockwise` added the login.
    ///   - isForeign: whether the login belongs to another origin than the one that rejected it, because of an alias or
    ///     a proxy.
    ///   - rule: the setting `lockwise.erase`.
    ///   - mayStore: the setting `lockwise.store`.
    init(isCreated: Bool, isForeign: Bool, rule: GitSettings.EraseRule, mayStore: Bool) {
      let mayDelete = mayStore && !isForeign && (rule == .all || (rule == .own && isCreated))
      self = mayDelete ? .delete : .refuse
    }
  }

  /// Deletes or refuses the logins of the request, or reports the reason why not.
  ///
  /// - Throws: `VaultError` or `CryptoError` if the vault cannot be used.
  func perform() throws {
    guard let origin = request.origin, !request.hasUnreadableUsername,
      let vault = try helper.vault(for: .refusal, from: origin.serialized, request)
    else {
      return
    }
    let settings = helper.settings(for: request)
    let signOn = try singleSignOn(origin, vault)
    let logins = try refused(origin, vault, settings)
    guard signOn != nil || !logins.isEmpty else { return }
    let (rule, mayStore) = (settings.eraseRule, settings.mayStore)
    var deleted: [String] = []
    var remaining: [LoginRecord] = []
    for login in logins {
      let verdict = Verdict(
        isCreated: login.git.isCreated, isForeign: Origin(login.origin) != origin, rule: rule, mayStore: mayStore)
      if verdict == .delete { deleted.append(login.guid) } else { remaining.append(login) }
    }
    let span = remaining.isEmpty ? 0 : settings.refusedFor
    guard signOn != nil || !deleted.isEmpty || span > 0 else { return }
    let refusals = span > 0 ? try remaining.map { try refusal(of: $0, by: origin, in: vault, for: span) } : []
    try helper.context.change(in: vault, uploads: !deleted.isEmpty) { editor in
      for guid in deleted { try editor.delete(guid: guid) }
      try editor.changeGitMemory { memory in
        if let signOn { memory.setSingleSignOn(false, at: signOn) }
        for refusal in refusals { memory.recordRefusal(refusal) }
      }
    }
    if span > 0 { report(remaining, origin, span, mayStore: mayStore) }
  }

  private func refusal(of login: LoginRecord, by origin: Origin, in vault: Vault, for span: Seconds) throws
    -> GitMemory.Refusal
  {
    GitMemory.Refusal(
      digest: try vault.refusal(of: login, by: origin), guid: login.guid, origin: origin.serialized,
      since: helper.context.now, until: helper.context.now + span)
  }

  /// Reports in one line for the user, who will see git's password prompt next.
  private func report(_ logins: [LoginRecord], _ origin: Origin, _ span: Seconds, mayStore: Bool) {
    let names = logins.map(\.username).filter { !$0.isEmpty }
    let whose = names.isEmpty ? "the saved password" : "the password saved for \(names.joined(separator: ", "))"
    let next = mayStore ? ". A token typed at the next prompt is saved" : ""
    helper.context.diagnostics.notice(
      "\(origin.serialized) refused \(whose). git is not offered it for \(Quantity.duration(span))\(next)")
  }

  /// Returns the place whose single sign-on was rejected; `nil` if none was.
  private func singleSignOn(_ origin: Origin, _ vault: Vault) throws -> [UInt8]? {
    guard request.username ?? "" == "", request.password?.isEmpty ?? true else { return nil }
    let place = try vault.place(origin, path: request.place)
    return try vault.gitMemory().isSingleSignOn(at: place) ? place : nil
  }

  /// Returns the rejected logins: the one that a state identifies, else all with the request's password. Without a
  /// password, the user wants git to erase all matching logins (git-credential(1), "reject").
  private func refused(_ origin: Origin, _ vault: Vault, _ settings: GitSettings) throws -> [LoginRecord] {
    for state in request.states {
      guard let login = try vault.login(guid: state.guid),
        request.username.map({ $0.isSameText(as: login.username) }) ?? true,
        try vault.isState(
          state, of: origin, path: request.place, username: login.username, secret: request.secret ?? login.password)
      else { continue }
      return request.secret.map { $0 == login.password } ?? true ? [login] : []
    }
    guard let secret = request.secret else {
      // A state that is no longer valid identified another login, or the same one with another password.
      guard request.password == nil, request.credential == nil, request.states.isEmpty else { return [] }
      // Logins of an alias or a proxy are not included, because the request does not concern them.
      return try vault.logins(at: origin).filter { login in
        isUserNamed(login) && !DockerRealm.contains(login.httpRealm)
          && (request.place.map { login.gitPath?.isSameText(as: $0) ?? false } ?? true)
      }
    }
    return try Candidates(at: origin, in: vault, settings: settings).logins.filter { login in
      isUserNamed(login) && login.gitPath.map { $0.isSameText(as: request.place ?? $0) } ?? true
        && login.password == secret
    }
  }

  private func isUserNamed(_ login: LoginRecord) -> Bool {
    request.username.map { $0.isSameText(as: login.username) } ?? true
  }
}
