/// Everything that the servers of one sandbox share.
final class SandboxState {
  var clock = SandboxClock()
  var switches: Switches
  let accounts = AccountStore()
  let tokenUsers = TokenUsers()
  let storage = StorageRegistry()
  let hawk = HawkVerifier()
  let limits = RateLimits()
  let faults = FaultTable()
  let log: RequestLog
  let tokenSecret: String
  let tokenLib: TokenLib
  /// N of scrypt for the passwords of new accounts.
  var scryptRounds = PasswordVerifier.usualRounds
  /// Scheme, host and port that clients use, without a slash at the end.
  var baseURL = ""

  private var authority: CertificateAuthority?

  /// Made when it is needed first, for an RSA key takes its time. Certificates do not outlive the sandbox.
  func certificateAuthority() throws -> CertificateAuthority {
    let authority = try authority ?? CertificateAuthority()
    self.authority = authority
    return authority
  }

  /// Removes the records whose time has come, of every user.
  func purgeExpired() {
    for user in storage.users.values { user.purgeExpired(at: clock.microseconds) }
  }

  /// The accounts server's name in BrowserID: host and port.
  var issuer: String { String(baseURL.split(separator: "/").last ?? "") }

  init(tokenSecret: String, switches: Switches, log: RequestLog) {
    self.tokenSecret = tokenSecret
    self.switches = switches
    self.log = log
    tokenLib = TokenLib(secret: tokenSecret)
  }
}
