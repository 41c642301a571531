import Glibc
import LockwiseCore

/// Answers one `get` of git out of the vault.
struct GitCredentialHelper {
  let environment: Environment
  let diagnostics: Diagnostics
  /// Seconds since 1970.
  let now: Int

  /// Looks up the login for a request.
  ///
  /// - Returns: the lines for git; `nil` for no answer. What to start behind the answer is in `pull`.
  func answer(_ request: GitCredentialRequest) -> (text: SecretBytes?, pull: PullTrigger?) {
    guard let query = request.query else { return (nil, nil) }
    guard let directory = VaultDirectory(environment: environment) else {
      diagnostics.error(
        "cannot tell where the vault is: LOCKWISE_HOME, XDG_STATE_HOME or HOME must be an absolute path")
      return (nil, nil)
    }
    do {
      let file = try VaultFile(in: directory, access: .reading)
      let vault = try Unlocker(environment: environment, mayPrompt: isPersonThere).unlock(file)
      let pull = PullTrigger(directory: directory, environment: environment)
      if let text = try find(query, in: vault) { return (text, pull.isDue(now: now) ? pull : nil) }
      // Maybe it was saved in Firefox a minute ago.
      guard pull.isDue(now: now), pull.runBounded() else { return (nil, nil) }
      return (try find(query, in: vault), nil)
    } catch VaultError.missing {
      // Not signed in: other helpers may have an answer, and saying so on each git command would be a nuisance.
      return (nil, nil)
    } catch PromptError.cancelled {
      return (nil, nil)
    } catch {
      Explanation(of: error).report(to: diagnostics)
      return (nil, nil)
    }
  }

  private func find(_ query: LoginQuery, in vault: Vault) throws -> SecretBytes? {
    try query.answers(among: vault.logins(at: query.origin)).lazy.compactMap(GitCredentialAnswer.text).first
  }

  /// git asks nobody if `GIT_TERMINAL_PROMPT` is 0 or empty (git(1)).
  private var isPersonThere: Bool {
    environment.value("GIT_TERMINAL_PROMPT").map { _ in environment.isOn("GIT_TERMINAL_PROMPT") } ?? true
  }
}
