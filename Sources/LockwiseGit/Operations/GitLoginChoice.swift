import LockwiseCLI
import LockwiseCore

/// The logins that may answer a request of git, by the rules of matching, the user's settings and the memory of
/// refusals.
struct GitLoginChoice {
  /// The query with what the settings and the memory add to it.
  let query: LoginQuery
  /// The logins of the origin, its aliases or its proxy.
  let candidates: [LoginRecord]
  /// The matching logins, best first.
  let logins: [LoginRecord]

  /// Chooses among the logins of a vault; `nil` if there is none for the origin.
  ///
  /// - Parameters:
  ///   - asked: the request.
  ///   - settings: the settings for it.
  ///   - context: the time and the messages of the run.
  /// - Throws: `VaultError` or `CryptoError` if the vault cannot be used.
  init?(_ asked: LoginQuery, in vault: Vault, settings: GitSettings, context: HelperContext) throws {
    let found = try Candidates(at: asked.origin, in: vault, settings: settings)
    guard !found.logins.isEmpty else { return nil }
    var query = asked
    query.origin = found.origin
    query.now = context.now
    let memory = try vault.gitMemory()
    if !memory.isEmpty {
      query.refused = try Set(
        found.logins.filter { memory.isRefused(try vault.refusal(of: $0, by: asked.origin), now: context.now) }
          .map(\.guid))
      query.lastUsed = memory.lastUsed(at: try vault.place(asked.origin, path: asked.path))
    }
    var matches = query.matches(among: found.logins)
    if matches.count > 1, let pin = settings.pin {
      query.pin = pin
      matches = query.matches(among: matches)
      if matches.isEmpty {
        context.diagnostics.error("no login for \(asked.origin.serialized) matches credential.lockwiseEntry")
      }
    }
    self.query = query
    candidates = found.logins
    logins = matches
  }
}
