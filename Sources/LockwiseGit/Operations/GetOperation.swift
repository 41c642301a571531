import LockwiseCLI
import LockwiseCore

/// The operation `get`, which returns a login from the vault.
struct GetOperation {
  let helper: GitHelper
  let request: GitCredentialRequest

  /// The result of the operation.
  struct Outcome {
    /// The lines for git; `nil` for no response.
    var text: SecretBytes?
    /// The launcher of a pull to start after the response; `nil` for none.
    var pull: SyncLauncher?
  }

  /// Looks up the login for the request.
  func perform() -> Outcome {
    guard let query = request.query else { return Outcome() }
    do {
      let file = try VaultFile(in: helper.context.directory, access: .reading)
      let purpose = UnlockPurpose("git asks for \(query.origin.serialized)")
      let vault = try helper.context.unlocker.unlock(file, for: purpose, prompting: helper.context.gate.scope())
      var isAnswered = false
      defer { if helper.context.unlocker.hasUnkeptKeys { helper.context.gate.recordUnkept(isAnswered: isAnswered) } }
      let settings = helper.settings(for: request)
      let pull = helper.context.sync
      if let text = try answer(query, in: vault, settings) {
        isAnswered = true
        return Outcome(text: text, pull: pull.isDue ? pull : nil)
      }
      // Maybe it was saved in Firefox a minute ago.
      guard pull.isDue, pull.runBounded() else { return Outcome(text: realm) }
      let text = try answer(query, in: vault, settings)
      isAnswered = text != nil
      return Outcome(text: text ?? realm)
    } catch VaultError.missing {
      // Not signed in. Other helpers may have a login, and a message with each git command would be annoying.
      return Outcome()
    } catch VaultError.locked, PromptError.nobodyThere {
      // A user who cancelled just now means the whole git command.
      if helper.context.gate.isDeclined { return Outcome(text: GitCredentialResponse.quit) }
      helper.context.diagnostics.error(helper.context.unlocker.lockedLine)
      return Outcome()
    } catch PromptError.cancelled {
      helper.context.gate.recordDeclined(wasCancelled: true)
      return Outcome(text: GitCredentialResponse.quit)
    } catch {
      if case VaultError.wrongKey = error { helper.context.gate.recordDeclined(wasCancelled: false) }
      helper.context.diagnostics.report(UserFacingError(error))
      return Outcome()
    }
  }

  /// The lines that make git return the realm, if there is no login.
  private var realm: SecretBytes? {
    guard request.capabilities.contains(.state) else { return nil }
    return request.realms.lazy.compactMap(RealmState.init).first?.text
  }

  /// Returns a login, or empty credentials if single sign-on is remembered for the host.
  private func answer(_ asked: LoginQuery, in vault: Vault, _ settings: GitSettings) throws -> SecretBytes? {
    if let text = try find(asked, in: vault, settings) { return text }
    guard asked.username ?? "" == "", !request.hasUnreadableUsername,
      try vault.gitMemory().isSingleSignOn(at: vault.place(asked.origin, path: asked.path))
    else { return nil }
    return GitCredentialResponse.singleSignOn
  }

  private func find(_ asked: LoginQuery, in vault: Vault, _ settings: GitSettings) throws -> SecretBytes? {
    guard let choice = try GitLoginChoice(asked, in: vault, settings: settings, context: helper.context) else {
      return nil
    }
    for login in choice.logins {
      var answer = GitCredentialResponse(login: login, capabilities: request.capabilities)
      if request.capabilities.contains(.state) {
        answer.state = try vault.state(
          guid: login.guid, isChoice: isChoice(login, choice.query, choice.candidates), origin: asked.origin,
          path: asked.path, username: login.username, secret: login.password)
      }
      if let text = answer.text { return text }
    }
    guard choice.logins.isEmpty, let login = choice.query.renewable(among: choice.candidates) else { return nil }
    return GitCredentialResponse(login: login).textForRenewal
  }

  /// Returns whether another login would be returned without the request's user name and the configuration's entry.
  private func isChoice(_ login: LoginRecord, _ query: LoginQuery, _ logins: [LoginRecord]) -> Bool {
    guard logins.count > 1, query.username != nil || query.pin != nil else { return false }
    var open = query
    open.username = nil
    open.pin = nil
    return query.lastUsed != login.guid && open.matches(among: logins).first?.guid != login.guid
  }
}
