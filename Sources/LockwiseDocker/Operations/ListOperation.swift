import LockwiseCLI
import LockwiseCore

/// The command `list`, which prints the server URLs and user names that docker stored.
struct ListOperation {
  let helper: DockerHelper

  /// Returns a JSON object of user names by server URL, and a line feed.
  ///
  /// - Throws: `VaultError`, `PromptError` or `CryptoError` if the vault cannot be used.
  func perform() throws -> SecretBytes {
    var stored: [String: LoginRecord] = [:]
    if helper.context.directory.hasVault,
      let vault = try helper.vault(.reading, for: "docker lists its logins")
    {
      try vault.forEachLogin { login in
        guard let url = Self.serverURL(of: login) else { return }
        if let other = stored[url], other.timePasswordChanged >= login.timePasswordChanged { return }
        stored[url] = login
      }
    }
    var writer = JSONObjectWriter()
    for (url, login) in stored.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      writer.member(url, login.username)
    }
    return .concatenating([writer.finish(), SecretBytes(utf8: "\n")])
  }

  /// Returns the server URL of a login that docker stored; `nil` for other logins, and if `get` would not find the login
  /// by this URL.
  private static func serverURL(of login: LoginRecord) -> String? {
    guard DockerRealm.contains(login.httpRealm), let text = login.docker?.serverURL, let server = try? ServerURL(text),
      server.origin == Origin(login.origin), login.httpRealm?.isSameText(as: server.realm) == true
    else { return nil }
    return text
  }
}
