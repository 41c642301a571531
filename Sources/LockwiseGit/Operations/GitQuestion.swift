import Glibc
import LockwiseCLI
import LockwiseCore

/// A question that git asks through an askpass program (gitcredentials(7), "REQUESTING CREDENTIALS"). The rules of the
/// credential helper apply.
package struct GitQuestion {
  private let request: GitCredentialRequest
  private let context: HelperContext
  private let settings: GitSettings

  /// Makes a question.
  ///
  /// - Parameters:
  ///   - scheme: the protocol, such as `https`.
  ///   - host: the host with its port.
  ///   - username: the user name, which must match; `nil` if git asks for it.
  ///   - path: the path without a leading slash; `nil` if git names none.
  ///   - context: the settings, messages and time of the run.
  package init(scheme: String, host: String, username: String?, path: String?, context: HelperContext) {
    let request = GitCredentialRequest(scheme: scheme, host: host, username: username, path: path)
    self.request = request
    self.context = context
    settings = GitSettings(
      configuration: context.configuration, diagnostics: context.diagnostics,
      context: { request.context(remote: { GitRemoteProgram.url(from: Int(getppid())) }) }
    ) {
      try GitConfigCommand.output(GitSettings.arguments, environment: context.configuration.environment)
    }
  }

  /// Returns the matching logins, best first.
  ///
  /// - Throws: `VaultError` or `CryptoError` if the vault cannot be used; `UserFacingError` if git may use another host.
  package func logins(in vault: Vault) throws -> [LoginRecord] {
    guard let query = request.query else { return [] }
    guard LocaleCharset.isCertain(request.host ?? "", context.configuration.environment) else {
      throw UserFacingError(
        "the host is not ASCII and the locale is not UTF-8: git may use another host", exitCode: .failure)
    }
    return try GitLoginChoice(query, in: vault, settings: settings, context: context)?.logins ?? []
  }

  /// The time for which a rejected login is not offered (`lockwise.refusedFor`).
  package var refusedFor: Seconds { settings.refusedFor }

  /// Whether logins may be saved (`lockwise.store`).
  package var mayStore: Bool { settings.mayStore }

  /// Whether git has a credential helper for this question, which saves what the server accepts. It is assumed to have
  /// one if its configuration cannot be read.
  package var hasHelper: Bool {
    let pattern = #"^credential\.(.*\.)?helper$"#
    let listing = try? GitConfigCommand.output(
      ["-z", "--show-scope", "--get-regexp", pattern], environment: context.configuration.environment)
    guard let listing, let configuration = GitConfiguration(listing: listing),
      let place = request.context(remote: { nil })
    else { return true }
    return !configuration.values("credential", "helper", for: place, from: .any).isEmpty
  }
}
