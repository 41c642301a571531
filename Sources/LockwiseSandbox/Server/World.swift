/// Everything that the servers of one sandbox share.
final class World {
  var clock = SandboxClock()
  var switches: Switches
  let accounts = AccountBook()
  let tokenUsers = TokenUsers()
  let storage = StorageBook()
  let hawk = HawkVerifier()
  let faults = FaultTable()
  let log: RequestLog
  let tokenSecret: String
  let tokenLib: TokenLib
  /// N of scrypt for the passwords of new accounts.
  var scryptRounds = PasswordVerifier.usualRounds
  /// Scheme, host and port that clients use, without a slash at the end.
  var baseURL = ""

  init(tokenSecret: String, switches: Switches, log: RequestLog) {
    self.tokenSecret = tokenSecret
    self.switches = switches
    self.log = log
    tokenLib = TokenLib(secret: tokenSecret)
  }
}
