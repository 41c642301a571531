import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// The command `get`, which prints the login for a server URL.
struct GetOperation {
  let helper: DockerHelper
  let server: ServerURL

  /// The result of the command.
  struct Outcome {
    /// The credentials to print.
    let credentials: DockerCredentials
    /// Whether to start a pull after the output.
    let isPullDue: Bool
  }

  /// Finds the login. If there is none and a pull is due, waits for the pull and looks again.
  ///
  /// - Throws: `DockerFailure.notFound`; `VaultError`, `PromptError` or `CryptoError` if the vault cannot be used.
  func perform() throws -> Outcome {
    guard let origin = server.origin, helper.context.directory.hasVault,
      let vault = try helper.vault(.reading, for: "docker asks for \(origin.serialized)")
    else { throw DockerFailure.notFound }
    let isDue = helper.context.sync.isDue
    if let login = try find(origin, in: vault) {
      return Outcome(credentials: credentials(login), isPullDue: isDue)
    }
    // Maybe it was saved in Firefox a minute ago.
    guard isDue, helper.context.sync.runBounded(), let login = try find(origin, in: vault) else {
      throw DockerFailure.notFound
    }
    return Outcome(credentials: credentials(login), isPullDue: false)
  }

  private func credentials(_ login: LoginRecord) -> DockerCredentials {
    DockerCredentials(server: server, username: login.username, secret: login.password)
  }

  /// Returns docker's own login, else for a whole registry the best login of the host or of its aliases.
  private func find(_ origin: Origin, in vault: Vault) throws -> LoginRecord? {
    guard server.isWholeHost else {
      return try best(helper.logins(of: server, in: vault), at: origin, for: origin, vault)
    }
    let found = try Candidates(at: origin, else: helper.aliases(of: origin)) { place in
      // A login for one path of git does not belong to the registry. docker's protocol requires a user name.
      try vault.logins(at: place).filter { $0.gitPath == nil && !$0.username.isEmpty }
    }
    return try best(found.logins, at: found.origin, for: origin, vault)
  }

  /// Returns the first login by the rules of matching, without those that the registry's host refused.
  private func best(_ logins: [LoginRecord], at place: Origin, for origin: Origin, _ vault: Vault) throws
    -> LoginRecord?
  {
    guard !logins.isEmpty else { return nil }
    var query = LoginQuery(origin: place, realms: [server.realm])
    query.now = helper.context.now
    let memory = try vault.gitMemory()
    if !memory.isEmpty {
      query.refused = try Set(
        logins.filter { memory.isRefused(try vault.refusal(of: $0, by: origin), now: query.now) }.map(\.guid))
    }
    return query.matches(among: logins).first
  }
}
