import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseDocker
@testable import LockwiseGit

/// The commands of the helper, in this process.
@Suite struct DockerOperationTests {
  private static let hub = "https://index.docker.io/v1/"

  private static func login(
    _ id: String, _ origin: String = "https://registry.example", realm: String? = nil, username: String = "web",
    password: String = "form", more: KeyValuePairs<String, String> = [:]
  ) -> LoginJSON {
    .whole(
      id, origin: origin, realm: realm, form: realm == nil ? origin : nil, username: username, password: password,
      more: more)
  }

  @Test func findsWhatItStored() throws {
    let vault = try DockerVault()
    try vault.store("registry.example:5000", "alice", "s3cret")
    #expect(try vault.get("registry.example:5000") == "alice s3cret")
    #expect(try vault.get("https://registry.example:5000/v2/") == "alice s3cret")
    for other in [
      "http://registry.example:5000", "registry.example", "registry.example:5001", "example",
      "sub.registry.example:5000",
      "registry.example:5000/team",
    ] {
      #expect(try vault.get(other) == nil, "\(other)")
    }
    #expect(try vault.logins() == ["https://registry.example:5000 docker alice s3cret"])
    #expect(try vault.list() == #"{"registry.example:5000":"alice"}"#)
  }

  /// What another program stores, Firefox must keep: one of form and realm, and no login like another.
  @Test func storesARecordThatFirefoxKeeps() throws {
    let vault = try DockerVault()
    try vault.store(Self.hub, "alice", "p")
    let origin = try #require(Origin("https://index.docker.io"))
    let login = try #require(try vault.vault().logins(at: origin).first)
    try login.checkValidity()
    #expect(login.httpRealm == "docker" && login.formActionOrigin == nil)
    #expect(login.docker == DockerMember(serverURL: Self.hub))
    #expect(login.lockwise?.exposedText() == #"{"docker":{"serverURL":"https://index.docker.io/v1/"}}"#)
  }

  /// docker stores three logins of one user for its own registry.
  @Test func keepsTheTokensOfDockerHubApart() throws {
    let vault = try DockerVault([Self.login("{web}", "https://index.docker.io")])
    try vault.store(Self.hub, "alice", "1")
    try vault.store(Self.hub + "access-token", "alice", "2")
    try vault.store(Self.hub + "refresh-token", "alice", "3")
    #expect(try vault.get(Self.hub) == "alice 1")
    #expect(try vault.get(Self.hub + "access-token") == "alice 2")
    #expect(try vault.get(Self.hub + "refresh-token") == "alice 3")
    let origin = try #require(Origin("https://index.docker.io"))
    let logins = try vault.vault().logins(at: origin)
    for left in logins { #expect(logins.count { $0.isSameLogin(as: left) } == 1) }
    try vault.erase(Self.hub + "refresh-token")
    #expect(try vault.get(Self.hub + "refresh-token") == nil, "a web login is not a refresh token")
    #expect(try vault.get(Self.hub) == "alice 1")
    #expect(
      try vault.list() == #"{"https://index.docker.io/v1/":"alice","https://index.docker.io/v1/access-token":"alice"}"#)
  }

  @Test func changesNothingIfTheSameIsStored() throws {
    let vault = try DockerVault()
    try vault.store("registry.example", "alice", "p")
    let (commits, pushes) = (try vault.commits(), vault.pushes)
    #expect(pushes == 1)
    try vault.store("registry.example", "alice", "p")
    #expect(try vault.commits() == commits && vault.pushes == pushes)
  }

  @Test func storesAChangeInOneCommit() throws {
    let vault = try DockerVault()
    try vault.store("registry.example", "alice", "p")
    let commits = try vault.commits()
    try vault.store("registry.example", "alice", "q")
    #expect(try vault.commits() == commits + 1 && vault.get("registry.example") == "alice q")
    try vault.store("registry.example", "<token>", "t")
    #expect(try vault.commits() == commits + 2 && vault.pushes == 3)
    // docker has one login for a server URL.
    #expect(try vault.logins() == ["https://registry.example docker <token> t"])
    #expect(try vault.list() == #"{"registry.example":"<token>"}"#)
    try vault.store("https://registry.example", "<token>", "t")
    #expect(try vault.list() == #"{"https://registry.example":"<token>"}"#, "the URL comes back as it came last")
  }

  @Test func keepsWhatOthersStored() throws {
    let vault = try DockerVault([
      Self.login("{1}"), Self.login("{2}", realm: "docker", username: "carol", password: "made elsewhere"),
    ])
    try vault.store("registry.example", "alice", "p")
    #expect(try vault.logins().count == 3)
    try vault.erase("registry.example")
    #expect(
      try vault.logins() == [
        "https://registry.example docker carol made elsewhere", "https://registry.example form web form",
      ])
    #expect(try vault.list() == "{}")
  }

  @Test func keepsOtherMembersOfALogin() throws {
    let vault = try DockerVault([
      Self.login(
        "{1}", realm: "docker", username: "alice", password: "old",
        more: ["lockwise": #"{"notes":"n","docker":{"later":[1.50]}}"#, "unknown": "[1.50]"])
    ])
    try vault.store("registry.example", "alice", "new")
    let login = try #require(try vault.vault().login(guid: "{1}"))
    #expect(login.password.exposedText() == "new" && login.json.exposedText()?.contains(#""unknown":[1.50]"#) == true)
    #expect(
      login.lockwise?.exposedText() == #"{"notes":"n","docker":{"later":[1.50],"serverURL":"registry.example"}}"#)
  }

  @Test func answersWithALoginOfTheBrowserIfDockerHasNone() throws {
    let vault = try DockerVault([Self.login("{1}")])
    #expect(try vault.get("registry.example") == "web form")
    try vault.erase("registry.example")
    #expect(try vault.get("registry.example") == "web form" && vault.list() == "{}" && vault.pushes == 0)
    try vault.store("registry.example", "alice", "p")
    #expect(try vault.get("registry.example") == "alice p")
    try vault.erase("registry.example")
    #expect(try vault.get("registry.example") == "web form")
  }

  /// A login without a user name or password, for one path of git, or with a one-time code is not for a registry.
  @Test func skipsLoginsThatCannotBeUsed() throws {
    let vault = try DockerVault([
      Self.login("{1}", realm: "r", username: ""), Self.login("{2}", realm: "git:team/x.git", username: "b"),
      Self.login(
        "{3}", realm: "s", username: "c", password: "(no password)",
        more: ["lockwise": #"{"emptyPassword":"(no password)"}"#]),
      Self.login("{4}", realm: "t", username: "d", password: "otpauth://totp/x?secret=AAAAAAAA"),
      Self.login("{5}", realm: "u", username: "e", more: ["lockwise": #"{"git":{"authtype":"Bearer"}}"#]),
      Self.login("{6}", realm: "docker:team", username: "f"),
    ])
    #expect(try vault.get("registry.example") == nil)
    #expect(try vault.get("registry.example/team") == "f form")
  }

  @Test func usesAnAliasOfTheUserOnly() throws {
    let vault = try DockerVault([Self.login("{1}", "https://hub.docker.com")])
    #expect(try vault.get(Self.hub) == nil)
    vault.variables["LOCKWISE_ALIAS"] = "docker.io:index.docker.io, index.docker.io:hub.docker.com"
    #expect(try vault.get(Self.hub) == "web form")
    #expect(try vault.get(Self.hub + "refresh-token") == nil)
    #expect(try vault.get("http://index.docker.io") == nil)
    try vault.store(Self.hub, "alice", "p")
    #expect(try vault.get("docker.io") == "alice p")
    try vault.erase("docker.io")
    #expect(try vault.get(Self.hub) == "alice p")
  }

  private static func refuse(_ vault: DockerVault) throws {
    let origin = try #require(Origin("https://registry.example"))
    let writable = try vault.vault(.writing)
    let login = try #require(try writable.logins(at: origin).first)
    let refusal = GitMemory.Refusal(
      digest: try writable.refusal(of: login, by: origin), guid: login.guid, origin: origin.serialized,
      since: vault.now, until: vault.now + 100)
    try writable.changeGitMemory { $0.recordRefusal(refusal) }
  }

  @Test func offersNoRefusedLogin() throws {
    let vault = try DockerVault([Self.login("{1}")])
    try Self.refuse(vault)
    #expect(try vault.get("registry.example") == nil)
    vault.now += 100
    #expect(try vault.get("registry.example") == "web form")
  }

  /// A registry that accepts a login again does not change it.
  @Test func offersARefusedLoginAgainAfterItWasAccepted() throws {
    let vault = try DockerVault()
    try vault.store("registry.example", "alice", "p")
    try Self.refuse(vault)
    #expect(try vault.get("registry.example") == nil)
    try vault.store("registry.example", "alice", "p")
    #expect(try vault.get("registry.example") == "alice p" && vault.pushes == 1)
  }

  @Test func worksWithoutAVault() throws {
    let vault = try DockerVault(nil)
    #expect(try vault.get("registry.example") == nil && vault.list() == "{}")
    try vault.erase("registry.example")
    #expect(throws: VaultError.missing(directory: vault.directory.path)) {
      try vault.store("registry.example", "alice", "p")
    }
  }

  /// A record that other software wrote.
  @Test func listsOnlyWhatGetWouldFind() throws {
    let vault = try DockerVault([
      Self.login("{1}", realm: "docker", more: ["lockwise": #"{"docker":{"serverURL":"other.example"}}"#]),
      Self.login("{2}", realm: "docker:x", more: ["lockwise": #"{"docker":{"serverURL":"registry.example"}}"#]),
      Self.login("{3}", realm: "r", more: ["lockwise": #"{"docker":{"serverURL":"registry.example"}}"#]),
      Self.login("{4}", realm: "docker", username: "b", more: ["lockwise": #"{"docker":"registry.example"}"#]),
    ])
    #expect(try vault.list() == "{}")
  }

  @Test func eraseOfAnInvalidURLIsQuiet() throws {
    let vault = try DockerVault()
    for text in ["ssh://x", "a b", "https://"] {
      try vault.erase(text)
      #expect(try vault.get(text) == nil)
    }
  }
}
