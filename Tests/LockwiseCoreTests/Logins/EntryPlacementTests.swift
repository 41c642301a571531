import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Where new entries go, by their names.
@Suite struct EntryPlacementTests {
  @Test(arguments: [
    ("github.com/alice", "https://github.com", "alice", nil as String?), ("github.com", "https://github.com", "", nil),
    ("/github.com/a/b", "https://github.com", "a/b", nil), ("localhost/me", "https://localhost", "me", nil),
    ("localhost:8080/me", "https://localhost:8080", "me", nil),
    ("192.168.1.1/admin", "https://192.168.1.1", "admin", nil),
    ("[::1]:8443/a", "https://[::1]:8443", "a", nil), ("[0:0::1]/a", "https://[::1]", "a", "[0:0::1]/a"),
    ("GitHub.com/alice", "https://github.com", "alice", "GitHub.com/alice"),
    ("github.com:443/alice", "https://github.com", "alice", "github.com:443/alice"),
    ("https:github.com/alice", "https://github.com", "alice", "https:github.com/alice"),
    ("github.com/", "https://github.com", "", "github.com%2F"), ("github.com//x", "https://github.com", "/x", nil),
    ("github.com/a://b", "https://github.com", "a://b", nil),
    ("http:plain.example/ida", "http://plain.example", "ida", nil),
    ("b\u{FC}cher.example/o", "https://xn--bcher-kva.example", "o", "b\u{FC}cher.example/o"),
    ("xn--bcher-kva.example/o", "https://xn--bcher-kva.example", "o", nil),
    (
      "\u{43F}\u{440}\u{438}\u{43C}\u{435}\u{440}.\u{440}\u{444}", "https://xn--e1afmkfd.xn--p1ai", "",
      "\u{43F}\u{440}\u{438}\u{43C}\u{435}\u{440}.\u{440}\u{444}"
    ),
    ("foo.xn--p1ai/x", "https://foo.xn--p1ai", "x", nil),
    ("https://alice@github.com", "https://github.com", "alice", nil),
    ("https://github.com/", "https://github.com", "", nil), ("https://a%20b@intranet", "https://intranet", "a b", nil),
  ])
  func formsOfSites(name: String, origin: String, username: String, ownName: String?) {
    let placement = EntryPlacement(name: name)
    #expect(placement?.origin == origin && placement?.target == .form(""))
    #expect(placement?.username == username && placement?.ownName == ownName)
    #expect(EntryPlacement.isWebLike(name))
  }

  @Test(arguments: [
    ("ssh:build.example/root", "ssh://build.example", "ssh", "root"), ("ssh:build/root", "ssh://build", "ssh", "root"),
    ("ssh:h.example:22/root", "ssh://h.example", "ssh", "root"),
    ("sudo:desktop/marie", "sudo://desktop", "sudo", "marie"),
    ("imaps:mail.example.org:993/marie", "imaps://mail.example.org:993", "imaps", "marie"),
    ("smtp:[::1]:25/x", "smtp://[::1]:25", "smtp", "x"), ("ftp:10.0.0.1", "ftp://10.0.0.1", "ftp", ""),
    ("ssh-key:" + String(repeating: "0a", count: 32), "ssh-key://" + String(repeating: "0a", count: 32), "ssh-key", ""),
  ])
  func otherSchemes(name: String, origin: String, realm: String, username: String) {
    let placement = EntryPlacement(name: name)
    #expect(placement?.origin == origin && placement?.target == .realm(realm) && placement?.username == username)
    #expect(EntryPlacement.isWebLike(name))
  }

  @Test(arguments: [
    ("Work/mail", "pass://Work", "mail"), ("wifi", "pass://wifi", ""), ("per cent/a/b", "pass://per%20cent", "a/b"),
    ("per%20cent/x", "pass://per%2520cent", "x"), ("intranet/alice", "pass://intranet", "alice"),
    ("1.2.3/x", "pass://1.2.3", "x"), ("1.2.3.400/x", "pass://1.2.3.400", "x"), ("a.b1/x", "pass://a.b1", "x"),
    ("a..com/x", "pass://a..com", "x"), (".com/x", "pass://.com", "x"), ("example.com./x", "pass://example.com.", "x"),
    ("a b.com/x", "pass://a%20b.com", "x"), ("*.example.com/x", "pass://%2A.example.com", "x"),
    ("me@example.com/x", "pass://me%40example.com", "x"), ("example.com:/x", "pass://example.com%3A", "x"),
    ("example.com:99999/x", "pass://example.com%3A99999", "x"), ("example.com:8x/x", "pass://example.com%3A8x", "x"),
    ("work:github.com/x", "pass://work%3Agithub.com", "x"), ("http:intranet/x", "pass://http%3Aintranet", "x"),
    ("ssh:22/x", "pass://ssh%3A22", "x"), ("[::1/x", "pass://%5B%3A%3A1", "x"), ("[1:2]/x", "pass://%5B1%3A2%5D", "x"),
    ("a/", "pass://a%2F", ""), ("a//b", "pass://a", "/b"), ("github.com?x/y", "pass://github.com%3Fx", "y"),
    ("\u{FF47}ithub.com/x", "pass://%EF%BD%87ithub.com", "x"), ("{0-1}", "pass://%7B0-1%7D", ""),
  ])
  func freeEntries(name: String, origin: String, username: String) {
    let placement = EntryPlacement(name: name)
    #expect(placement?.origin == origin && placement?.target == .realm("pass"))
    #expect(placement?.username == username && placement?.ownName == nil)
    #expect(!EntryPlacement.isWebLike(name))
  }

  @Test(arguments: [
    "", "/", "///", "a\0b", "https://github.com/alice", "https://a:b@github.com", "https://github.com?x",
  ])
  func invalidNames(name: String) { #expect(EntryPlacement(name: name) == nil) }

  @Test func aFreeNameIsFreeWhateverItLooksLike() {
    let placement = EntryPlacement(freeName: "github.com/alice")
    #expect(placement?.origin == "pass://github.com" && placement?.username == "alice" && placement?.ownName == nil)
  }

  @Test(arguments: [
    ("Shopping/amazon", "eve", "https://www.amazon.example/login?x", "https://www.amazon.example" as String?),
    ("amazon", "eve", "HTTPS://Amazon.example:443", "https://amazon.example"),
    ("Shopping/amazon", "eve", "http://amazon.example", nil), ("Shopping/amazon", "eve", "amazon.example", nil),
    ("Shopping/amazon", "", "https://amazon.example", nil), ("github.com/eve", "eve", "https://amazon.example", nil),
    ("Shopping/amazon", "eve", "https://exa mple", nil), ("", "eve", "https://amazon.example", nil),
  ])
  func sitesOfBodies(name: String, login: String, url: String, origin: String?) {
    let placement = EntryPlacement(name: name, login: login, url: url)
    #expect(placement?.origin == origin)
    guard origin != nil else { return }
    #expect(placement?.target == .form("") && placement?.username == login && placement?.ownName == name)
  }

  @Test func anOwnNameThatOriginAndUserNameMakeIsLeftOut() {
    #expect(EntryPlacement(name: "intranet/eve", login: "eve", url: "https://intranet/x")?.ownName == nil)
  }

  /// Returns the login that a placement makes.
  static func login(_ placement: EntryPlacement, guid: String = "{1}") throws -> LoginRecord {
    var json = LoginJSON(nil, origin: placement.origin, realm: nil, username: placement.username)
    switch placement.target {
    case .form(let action): json["formSubmitURL"] = LoginJSON.quote(action)
    case .realm(let realm): json["httpRealm"] = LoginJSON.quote(realm)
    }
    if let name = placement.ownName { json["lockwise"] = #"{"name":\#(LoginJSON.quote(name))}"# }
    return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: guid)
  }

  @Test func theLoginIsCalledAsItWasPlaced() throws {
    var random = TestSeed.generator()
    for round in 0..<4000 {
      let name = round.isMultiple(of: 2) ? RandomNames.path(&random) : RandomNames.text(&random)
      guard let placement = EntryPlacement(name: name) else { continue }
      let login = try Self.login(placement)
      let shown = EntryList([EntryList.Source(login)]).entries[0].name
      #expect(shown.isSameText(as: ShownName.typed(name)), "\(name.debugDescription)")
      #expect(EntryName(name).matches(login) || name.hasPrefix("/"), "\(name.debugDescription)")
      for typed in [name, shown, "/" + shown] {
        guard case .login = try EntryLookup(typed).find(in: MemoryIndex([login])) else {
          Issue.record("\(typed.debugDescription) does not find \(shown.debugDescription)")
          continue
        }
      }
      guard let free = EntryPlacement(freeName: name) else { continue }
      #expect(
        EntryName(of: try Self.login(free)).shown.isSameText(as: ShownName.typed(name)), "\(name.debugDescription)")
    }
  }

  /// Two names that differ when they are shown never make logins that Firefox treats as one.
  @Test func differentFreeNamesMakeDifferentLogins() throws {
    var random = TestSeed.generator()
    var known: [[UInt8]: String] = [:]
    for _ in 0..<4000 {
      let name = RandomNames.text(&random)
      guard let placement = EntryPlacement(freeName: name) else { continue }
      let identity = Array((placement.origin + " " + placement.username).utf8)
      let shown = ShownName.typed(name)
      if let other = known[identity] { #expect(other.isSameText(as: shown), "\(other) and \(shown)") }
      known[identity] = shown
    }
  }
}
