/// The state that the servers of a sandbox share.
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
  /// The scrypt parameter N for the passwords of new accounts.
  var scryptRounds = PasswordVerifier.defaultRounds
  /// The scheme, host and port that clients use, without a slash at the end.
  var baseURL = ""

  private var authority: CertificateAuthority?

  /// Returns the key that signs BrowserID certificates. It is made on first use, because RSA keys are slow to make, and is
  /// not saved.
  ///
  /// - Throws: an error if swift-crypto cannot make a key.
  func certificateAuthority() throws -> CertificateAuthority {
    let authority = try authority ?? CertificateAuthority()
    self.authority = authority
    return authority
  }

  /// Removes the expired records of all users.
  func purgeExpired() {
    for user in storage.users.values { user.purgeExpired(at: clock.microseconds) }
  }

  /// The accounts server's name in BrowserID, host and port.
  var issuer: String { String(baseURL.split(separator: "/").last ?? "") }

  init(tokenSecret: String, switches: Switches, log: RequestLog) {
    self.tokenSecret = tokenSecret
    self.switches = switches
    self.log = log
    tokenLib = TokenLib(secret: tokenSecret)
  }

  /// Returns the account with an address, or the only account if the address is nil.
  ///
  /// - Throws: ``SandboxError`` if there is no such account, or several without an address.
  func account(email: String?) throws -> Account {
    if let email {
      guard let account = accounts.account(email: email) else {
        throw SandboxError("no account has the address \(email)")
      }
      return account
    }
    guard let only = accounts.sorted.first, accounts.accounts.count == 1 else {
      throw SandboxError("there are \(accounts.accounts.count) accounts: add the email of one")
    }
    return only
  }
}
