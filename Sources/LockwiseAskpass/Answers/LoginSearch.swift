import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// Finds the logins that may answer a question.
struct LoginSearch {
  /// The question.
  let context: PromptContext
  /// The vault.
  let vault: Vault

  /// The logins of a destination.
  struct Result {
    /// The destination.
    let destination: Destination
    /// The logins that match, best first.
    let logins: [LoginRecord]
    /// The logins that would match but were rejected.
    let refused: [LoginRecord]
    /// The end of the first of their refusals.
    let refusedUntil: Seconds?
  }

  /// Returns the logins, of which there may be none.
  ///
  /// - Throws: `Unanswered` if the destination is not certain; `VaultError` or `CryptoError` if the vault cannot be used.
  func perform() throws -> Result {
    try checkClient()
    let destination = try Destination(of: context)
    if case .gitUserName = context.question { return try ofGit(destination) }
    if case .gitPassword = context.question { return try ofGit(destination) }
    var query = LoginQuery(origin: destination.origin, username: destination.username)
    query.now = context.helper.now
    return try result(destination, query.matches(among: vault.logins(at: destination.origin)), offered: nil)
  }

  /// Runs ssh only if that can matter.
  private func checkClient() throws {
    switch context.question {
    case .sshPassword(let user, let host, let isServerWritten):
      if isServerWritten, context.helper.configuration["LOCKWISE_ASKPASS_KBDINT"] == "never" {
        throw Unanswered.excluded
      }
      guard let name = SSHAccount(user: user, host: host).origin(port: nil)?.host else { throw Unanswered.noLogin }
      let isKnown = try vault.logins(atHost: name).contains {
        $0.username.isSameText(as: user) && Origin($0.origin)?.scheme == "ssh"
      }
      guard isKnown else { throw Unanswered.noLogin }
    case .keyPassphrase(let prompt):
      guard prompt.wording == .ssh, let asker = context.asker, asker.kind == .ssh else { return }
      guard try ClientVersion(asker: asker, helper: context.helper).marksServerTexts(vault) else {
        throw Unanswered.oldClient
      }
    default: return
    }
  }

  private func ofGit(_ destination: Destination) throws -> Result {
    let offered = try destination.git.logins(in: vault)
    guard offered.isEmpty else { return try result(destination, offered, offered: offered) }
    // For the message only: the logins that the memory excludes.
    var query = LoginQuery(origin: destination.origin, username: destination.username)
    query.now = context.helper.now
    return try result(destination, query.matches(among: vault.logins(at: destination.origin)), offered: offered)
  }

  /// Separates the logins that were rejected.
  ///
  /// - Parameter offered: the logins that the rules for git offer; `nil` if they do not apply.
  private func result(_ destination: Destination, _ logins: [LoginRecord], offered: [LoginRecord]?) throws -> Result {
    let memory = try vault.gitMemory()
    guard !memory.refusals.isEmpty, offered?.isEmpty ?? true else {
      return Result(destination: destination, logins: offered ?? logins, refused: [], refusedUntil: nil)
    }
    var refused: [LoginRecord] = []
    var until: Seconds?
    for login in logins {
      let digest = try vault.refusal(of: login, by: destination.origin)
      let refusal = memory.refusals.first {
        $0.applies(context.helper.now) && KeyedDigest.isSame($0.digest, digest)
      }
      guard let refusal else { continue }
      refused.append(login)
      until = min(until ?? refusal.until, refusal.until)
    }
    let remaining = logins.filter { login in !refused.contains { $0.guid == login.guid } }
    return Result(
      destination: destination, logins: offered ?? remaining, refused: refused, refusedUntil: until)
  }
}
