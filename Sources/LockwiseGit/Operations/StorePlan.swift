import LockwiseCLI
import LockwiseCore

/// A credential that a host has accepted.
struct VerifiedCredential {
  var origin: Origin
  var username: String
  var secret: SecretBytes
  /// The realms that the server named.
  var realms: [String] = []
  /// The path, if git sends one.
  var path: String?
  /// The authentication scheme of the secret; `nil` for a password.
  var authtype: String?
  /// The time when it expires.
  var passwordExpiry: Seconds?
  /// The OAuth refresh token for obtaining a new one.
  var oauthRefreshToken: SecretBytes?
}

/// The change to make for an accepted credential, as a pure function of it and the present logins.
enum StorePlan {
  /// This login has the credential already.
  case unchanged(LoginRecord)
  /// This login gets the secret and git's attributes.
  case change(LoginRecord, GitMember)
  /// A new login with this realm is added.
  case create(realm: String, GitMember)

  /// Determines the change.
  ///
  /// - Parameter logins: any logins. Those of another origin or user name are ignored.
  init(for credential: VerifiedCredential, among logins: [LoginRecord]) {
    let same = logins.filter {
      Origin($0.origin) == credential.origin && $0.username.isSameText(as: credential.username)
    }
    let usable = same.filter { login in
      login.gitPath.map { $0.isSameText(as: credential.path ?? $0) } ?? !Self.isOfDocker(login, credential)
    }
    let equal = usable.filter { $0.password == credential.secret && $0.git.authtype == credential.authtype }
    if let login = equal.first(where: { $0.httpRealm != nil }) {
      var git = login.git
      // An older git does not send these attributes back.
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

  /// Returns whether docker stored a login, so that git gets it only if the server names its realm (`LoginQuery`).
  private static func isOfDocker(_ login: LoginRecord, _ credential: VerifiedCredential) -> Bool {
    guard let realm = login.httpRealm, DockerRealm.contains(realm) else { return false }
    return !credential.realms.contains { $0.isSameText(as: realm) }
  }

  /// Returns the login whose password has changed. It is never a form login, whose password is for the web site while
  /// git uses a token. For a credential of another scheme it is not a login of the browser either.
  private static func outdated(_ credential: VerifiedCredential, among usable: [LoginRecord]) -> LoginRecord? {
    let http = usable.filter { $0.httpRealm != nil && (credential.authtype == nil || $0.git.isCreated) }
    if credential.path != nil { return http.first { $0.gitPath != nil } }
    let whole = http.filter { $0.gitPath == nil }
    for realm in credential.realms {
      if let login = whole.first(where: { $0.httpRealm?.isSameText(as: realm) == true }) { return login }
    }
    if let login = whole.first(where: \.git.isCreated) { return login }
    // The server's realm is not known, so a single login must be the one.
    return credential.realms.isEmpty && whole.count == 1 ? whole[0] : nil
  }

  /// Returns a realm that no login of the same user has. Otherwise Firefox would treat both as one login.
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
