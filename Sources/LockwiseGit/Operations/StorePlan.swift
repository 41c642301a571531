import LockwiseCLI
import LockwiseCore

/// What a host has just taken.
struct VerifiedCredential {
  var origin: Origin
  var username: String
  var secret: SecretBytes
  /// The realms that the server named.
  var realms: [String] = []
  /// The path that it is for, where git tells one.
  var path: String?
  /// The scheme that the secret is a credential of; `nil` for a password.
  var authtype: String?
  /// Until when it is good, seconds since 1970.
  var passwordExpiry: Int64?
  /// What a new one can be had with.
  var oauthRefreshToken: SecretBytes?
}

/// What becomes of a credential that a host has just taken: a pure function of it and the logins that are there.
enum StorePlan {
  /// There is nothing to write: this login holds it already.
  case unchanged(LoginRecord)
  /// This login gets the secret, and what git told.
  case change(LoginRecord, GitMember)
  /// It becomes a login of its own with this realm.
  case create(realm: String, GitMember)

  /// Decides.
  ///
  /// - Parameter logins: any logins; those of another origin or user name do not count.
  init(for credential: VerifiedCredential, among logins: [LoginRecord]) {
    let same = logins.filter {
      Origin($0.origin) == credential.origin && $0.username.isSameText(as: credential.username)
    }
    let usable = same.filter { login in login.gitPath.map { $0.isSameText(as: credential.path ?? $0) } ?? true }
    let equal = usable.filter { $0.password == credential.secret && $0.git.authtype == credential.authtype }
    if let login = equal.first(where: { $0.httpRealm != nil }) {
      var git = login.git
      // An older git does not hand on what it was told.
      git.passwordExpiry = credential.passwordExpiry ?? git.passwordExpiry
      git.oauthRefreshToken = credential.oauthRefreshToken ?? git.oauthRefreshToken
      self = git == login.git ? .unchanged(login) : .change(login, git)
    } else if let login = equal.first {
      self = .unchanged(login)
    } else if let login = Self.outdated(credential, among: usable) {
      self = .change(login, credential.git(isCreated: login.git.isCreated))
    } else {
      self = .create(realm: Self.newRealm(credential, beside: same), credential.git(isCreated: true))
    }
  }

  /// The login whose password has changed. Never one of a web form: its password is for people, and git's is a token.
  /// Nor a login of the browser if git has no password but a credential of another scheme.
  private static func outdated(_ credential: VerifiedCredential, among usable: [LoginRecord]) -> LoginRecord? {
    let http = usable.filter { $0.httpRealm != nil && (credential.authtype == nil || $0.git.isCreated) }
    if credential.path != nil { return http.first { $0.gitPath != nil } }
    let whole = http.filter { $0.gitPath == nil }
    for realm in credential.realms {
      if let login = whole.first(where: { $0.httpRealm?.isSameText(as: realm) == true }) { return login }
    }
    if let login = whole.first(where: \.git.isCreated) { return login }
    // Which realm the server would name is not known: a single one must be it.
    return credential.realms.isEmpty && whole.count == 1 ? whole[0] : nil
  }

  /// A realm that no login of the same user has yet: Firefox would take both for one.
  private static func newRealm(_ credential: VerifiedCredential, beside same: [LoginRecord]) -> String {
    if let path = credential.path { return GitRealm.realm(path: path) }
    let named = credential.realms.lazy.compactMap(RealmState.init).first?.realm
    let wanted = [named, GitRealm.wholeHost].compactMap { $0 }
    return wanted.first { realm in !same.contains { $0.httpRealm?.isSameText(as: realm) == true } }
      ?? "\(GitRealm.wholeHost) \(credential.authtype ?? "")"
  }
}

extension VerifiedCredential {
  fileprivate func git(isCreated: Bool) -> GitMember {
    var git = GitMember()
    git.isCreated = isCreated
    git.passwordExpiry = passwordExpiry
    git.oauthRefreshToken = oauthRefreshToken
    git.authtype = authtype
    return git
  }
}
