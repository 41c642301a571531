import LockwiseCore

/// Logins with names that are easily confused, and what typed names must refer to.
public enum LookupTable {
  /// A login of the table. Its password is `pw-` and its key.
  private struct Login {
    let key: String
    let origin: String
    let username: String
    var realm: String?
    var name: String?
  }

  private static let logins = [
    Login(key: "alice", origin: "https://github.com", username: "alice"),
    Login(key: "bob", origin: "https://github.com", username: "bob", realm: "git"),
    Login(key: "evil", origin: "https://github.com.evil.example", username: "alice"),
    Login(key: "plain", origin: "http://github.com", username: "alice"),
    Login(key: "port", origin: "https://github.com:8443", username: "alice"),
    Login(key: "form", origin: "https://shared.example", username: "carol"),
    Login(key: "realm", origin: "https://shared.example", username: "carol", realm: "r"),
    Login(key: "twin1", origin: "https://pairs.example", username: "dave", realm: "1"),
    Login(key: "twin2", origin: "https://pairs.example", username: "dave", realm: "2"),
    Login(key: "shop", origin: "https://amazon.example", username: "eve", name: "Shopping/amazon"),
    Login(key: "posing", origin: "https://poser.example", username: "x", name: "bank.example/me"),
    Login(key: "mail", origin: "pass://Work", username: "mail", realm: "pass"),
    Login(key: "old", origin: "pass://Work", username: "mail/old", realm: "pass"),
    Login(key: "lower", origin: "https://work", username: "mail"),
    Login(key: "cent", origin: "pass://per%2520cent", username: "x", realm: "pass"),
    Login(key: "space", origin: "pass://per%20cent", username: "x", realm: "pass"),
    Login(key: "ssh", origin: "ssh://build.example", username: "root", realm: "ssh"),
    Login(key: "single", origin: "https://single.example", username: "quentin"),
    Login(key: "bare", origin: "https://bare.example", username: ""),
    Login(key: "control", origin: "https://control.example", username: "a\nb"),
    Login(key: "slashes", origin: "https://slashes.example", username: "//x/"),
    Login(key: "idn", origin: "https://xn--bcher-kva.example", username: "olga"),
    Login(key: "hash", origin: "https://hash.example", username: "a#1234"),
    Login(key: "top", origin: "pass://top%20secret", username: "", realm: "pass"),
  ]

  /// The logins.
  public static func records() throws -> [LoginRecord] {
    try logins.map { login in
      var json = LoginJSON.whole(
        guid(login.key), origin: login.origin, realm: login.realm, form: login.realm == nil ? "" : nil,
        username: login.username, password: "pw-" + login.key)
      if let name = login.name { json["lockwise"] = #"{"name":\#(LoginJSON.quote(name))}"# }
      return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: guid(login.key))
    }
  }

  /// Returns the GUID of a login.
  public static func guid(_ key: String) -> String {
    let digits = String(UInt64(logins.firstIndex { $0.key == key } ?? 99) * 0x1111 + 0xA000, radix: 16)
    return "{0\(digits)11-1111-4111-8111-111111111111}"
  }

  /// What a name refers to.
  public enum Meaning: Equatable, Sendable {
    /// The login with this key.
    case login(String)
    /// A folder without a login of its name.
    case folder
    /// Nothing, or several logins.
    case none
  }

  /// Typed names and what they refer to: nothing near them, whatever it is.
  public static let rows: [(String, Meaning)] = [
    ("github.com/alice", .login("alice")), ("/github.com/alice", .login("alice")), ("github.com/bob", .login("bob")),
    ("GitHub.com/alice", .login("alice")), ("github.com:443/alice", .login("alice")),
    ("https:github.com/alice", .login("alice")), ("https://alice@github.com", .login("alice")),
    ("https://alice@github.com/settings?tab=1", .login("alice")), ("https://github.com", .none),
    ("github.com", .folder), ("github.com/", .folder), ("github.com/Alice", .none), ("github.com/alic", .none),
    ("github.com/alice2", .none), ("github.com/alice/", .none), ("github.com/alice#", .none),
    ("github.com/alice#0", .none), ("alice", .none), ("github", .none), ("www.github.com/alice", .none),
    ("evil.example", .none), ("example/alice", .none), ("github.com.evil.example/alice", .login("evil")),
    ("http:github.com/alice", .login("plain")), ("http://github.com", .login("plain")),
    ("http://github.com/alice", .login("plain")), ("http://bob@github.com", .none),
    ("github.com:8443/alice", .login("port")), ("github.com:8444/alice", .none),
    ("https://github.com:8443", .login("port")),
    ("shared.example/carol", .login("form")), ("https://carol@shared.example", .login("form")),
    ("https://shared.example", .login("form")), ("shared.example/carol#ffff", .none), ("pairs.example/dave", .none),
    ("https://dave@pairs.example", .none), ("Shopping/amazon", .login("shop")), ("shopping/amazon", .none),
    ("Shopping", .folder), ("amazon.example/eve", .login("shop")), ("amazon.example", .none), ("amazon", .none),
    ("bank.example/me", .login("posing")), ("https://me@bank.example", .none), ("Bank.example/me", .none),
    ("Work/mail", .login("mail")), ("Work/mail/", .folder), ("work/mail", .login("lower")), ("WORK/mail", .none),
    ("Work/Mail", .none), ("Work//mail", .none), ("Work/./mail", .none), ("pass://Work/mail", .none),
    ("per%20cent/x", .login("cent")), ("per cent/x", .login("space")), ("per%2520cent/x", .none),
    ("ssh:build.example/root", .login("ssh")), ("build.example/root", .none),
    ("ssh://root@build.example", .login("ssh")), ("ssh://root@build.example/", .login("ssh")),
    ("ssh://root@build.example/x", .none),
    ("single.example", .folder), ("bare.example", .login("bare")), ("bare.example/", .none),
    ("control.example/a%0Ab", .login("control")), ("control.example/a\nb", .login("control")),
    ("control.example/ab", .none), ("slashes.example%2F%2F/x%2F", .login("slashes")),
    ("slashes.example///x/", .login("slashes")), ("slashes.example/x", .none),
    ("b\u{FC}cher.example/olga", .login("idn")), ("hash.example/a#1234", .login("hash")), ("hash.example/a", .none),
    ("top secret", .login("top")), ("top%20secret", .none), ("*", .none), ("github.com/*", .none), ("%", .none),
  ]
}
