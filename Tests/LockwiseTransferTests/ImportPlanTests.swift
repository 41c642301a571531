import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseTransfer

@Suite final class ImportPlanTests {
  private let stage: TestVault

  init() throws { stage = try TestVault() }

  private func store(_ logins: LoginJSON...) throws {
    let update = try stage.vault.beginMirrorUpdate()
    for login in logins {
      let json = SecretBytes(utf8: login.text)
      try update.store(try LoginRecord(json: json, bsoID: login.object["id"] as? String ?? ""))
    }
    try update.commit()
  }

  private func makePlan(
    _ text: String, _ format: TransferFormat = .chrome, replaces: Bool = false
  ) throws -> ImportPlan {
    try ImportPlan(
      ItemConversion(text, format), replaces: replaces, now: TestTime.now, random: SystemRandom(),
      forEachLogin: stage.vault.forEachLogin)
  }

  private var editor: LoginEditor { LoginEditor(vault: stage.vault, now: { TestTime.now }) }

  private func outcomes(_ plan: ImportPlan) -> [ImportPlan.Outcome] { plan.steps.map(\.outcome) }

  private static let header = "name,url,username,password,note\n"
  private static let firefoxHeader = "url,username,password,httpRealm,formActionOrigin,guid\n"

  @Test func addsNewLoginsAndFindsThemAgain() throws {
    let text = Self.header + ",https://a.example,u,p,\n,https://b.example,é,p2,a note"
    let first = try makePlan(text)
    #expect(outcomes(first) == [.new, .new] && first.changeCount == 2)
    #expect(try first.apply(to: editor) == 2)
    #expect(try stage.passwords(at: "https://a.example") == ["p"])
    #expect(try stage.vault.outboxCount() == 2)
    let again = try makePlan(text)
    #expect(outcomes(again) == [.same, .same] && again.changeCount == 0)
    #expect(try again.apply(to: editor) == 0)
    #expect(try stage.vault.outboxCount() == 2)
    // Canonically equivalent user names are different ones.
    #expect(try outcomes(makePlan(Self.header + ",https://b.example,e\u{301},p2,")) == [.new])
  }

  @Test func replacesPasswordsOnlyOnRequest() throws {
    try store(.whole("{1}", origin: "https://a.example", realm: nil, form: "https://a.example", password: "old"))
    let text = Self.header + ",https://a.example,u,new,line"
    let kept = try makePlan(text)
    #expect(outcomes(kept) == [.kept] && kept.changeCount == 0)
    let replaced = try makePlan(text, replaces: true)
    #expect(outcomes(replaced) == [.replaced])
    try replaced.apply(to: editor)
    let login = try #require(try stage.vault.login(guid: "{1}"))
    #expect(login.password.exposedText() == "new" && login.timePasswordChanged == TestTime.now)
    #expect(login.formActionOrigin == "https://a.example" && login.timeCreated == 1_700_000_000_000)
    #expect(login.formerPasswords.map { $0.password.exposedText() } == ["old"])
    #expect(EntryBody(of: login).notes.exposedText() == "line\n")
    #expect(try outcomes(makePlan(text, replaces: true)) == [.same])
  }

  @Test func addsNotesBelowThoseThatAreThere() throws {
    try store(
      .whole("{1}", origin: "https://a.example", realm: nil, form: ""),
      .whole(
        "{2}", origin: "https://b.example", realm: nil, form: "",
        more: ["lockwise": #"{"notes":"mine\nshared\n","name":"My name"}"#]))
    let text =
      Self.header
      + ",https://a.example,u,p,\"one\ntwo\"\n,https://b.example,u,p,\"login: evil\nshared\nurl: https://evil.example\""
    let plan = try makePlan(text)
    #expect(outcomes(plan) == [.completed, .completed])
    try plan.apply(to: editor)
    #expect(try stage.vault.login(guid: "{1}").map { EntryBody(of: $0).notes.exposedText() } == "one\ntwo\n")
    let second = try #require(try stage.vault.login(guid: "{2}"))
    #expect(EntryBody(of: second).notes.exposedText() == "mine\nshared\nlogin: evil\nurl: https://evil.example\n")
    // No line changes a field.
    #expect(second.origin == "https://b.example" && second.username == "u" && second.ownEntryName == "My name")
    #expect(try outcomes(makePlan(text)) == [.same, .same])
  }

  @Test func linesOfAFileChangeNoFieldOfALoginWithAName() throws {
    try store(
      .whole("{1}", origin: "https://a.example", realm: nil, form: "", more: ["lockwise": #"{"name":"Mine"}"#]))
    try makePlan(Self.header + ",https://a.example,u,p,\"login: evil\nurl: https://evil.example\"").apply(to: editor)
    let login = try #require(try stage.vault.login(guid: "{1}"))
    #expect(login.origin == "https://a.example" && login.username == "u")
  }

  @Test func treatsTheFormsOfASiteAsOne() throws {
    try store(
      .whole("{form}", origin: "https://a.example", realm: nil, form: "https://pay.example"),
      .whole("{realm}", origin: "https://a.example", realm: "r", password: "q"))
    #expect(try outcomes(makePlan(Self.header + ",https://a.example/x,u,p,")) == [.same])
    // A login of a form is not one for HTTP authentication.
    let two = Self.firefoxHeader + "https://a.example,u,p,,https://other.example,\nhttps://a.example,u,p,r2,,\n"
    #expect(try outcomes(makePlan(two, .firefox)) == [.new, .new])
    // Each row is about another login.
    let exact = Self.firefoxHeader + "https://a.example,u,new,,,\nhttps://a.example,u,p,,https://pay.example,"
    #expect(try outcomes(makePlan(exact, .firefox)) == [.new, .same])
  }

  @Test func findsTheLoginOfGit() throws {
    try store(
      .whole("{server}", origin: "https://a.example", realm: "Server", password: "p"),
      .whole("{docker}", origin: "https://b.example", realm: "docker", password: "old"),
      .whole("{form}", origin: "https://c.example", realm: nil, form: "", password: "p"),
      .whole("{path}", origin: "https://d.example", realm: "git:x", password: "p"))
    let text = "https://u:p@a.example\nhttps://u:new@b.example\nhttps://u:p@c.example\nhttps://u:p@d.example\n"
    #expect(try outcomes(makePlan(text, .gitCredentials)) == [.same, .new, .same, .new])
    #expect(try outcomes(makePlan("https://u:x@a.example\nhttps://u:x@c.example", .gitCredentials)) == [.kept, .new])
  }

  @Test func handlesRepetitionsInTheFile() throws {
    let text =
      Self.header + ",https://a.example,u,p,one\n,https://a.example/2,u,other,\n,https://a.example/3,u,p,two\n"
    let plan = try makePlan(text)
    #expect(outcomes(plan) == [.new, .same])
    #expect(plan.refused.map(\.reason) == [.otherPassword(at: .line(2))] && plan.refused.map(\.location) == [.line(3)])
    try plan.apply(to: editor)
    let origin = try #require(Origin("https://a.example"))
    let login = try #require(try stage.vault.logins(at: origin).first)
    #expect(login.password.exposedText() == "p" && EntryBody(of: login).notes.exposedText() == "one\ntwo\n")
  }

  /// An entry of pass gives its name to the login of the site that it is about.
  @Test func namesALoginAsPassDoes() throws {
    try store(.whole("{1}", origin: "https://mail.example", realm: nil, form: "https://mail.example", username: "bob"))
    var conversion = ItemConversion(now: 1, random: SystemRandom())
    let body = SecretBytes(utf8: "p\nlogin: bob\nurl: https://mail.example/x\n")
    try conversion.add(.entry(body, path: "Work/mail", .entry("Work/mail")))
    let plan = try ImportPlan(
      conversion, replaces: false, now: TestTime.now, random: SystemRandom(), forEachLogin: stage.vault.forEachLogin)
    #expect(outcomes(plan) == [.completed])
    try plan.apply(to: editor)
    let login = try #require(try stage.vault.login(guid: "{1}"))
    #expect(login.ownEntryName == "Work/mail" && login.formActionOrigin == "https://mail.example")
    #expect(EntryBody(of: login).notes.exposedText() == "login: bob\nurl: https://mail.example/x\n")
  }

  @Test func keepsIdsThatAreFree() throws {
    try store(.whole("{taken}", origin: "https://other.example", realm: nil, form: ""))
    let text =
      Self.firefoxHeader
      + "https://a.example,u,p,,,{free}\nhttps://b.example,u,p,,,{taken}\nhttps://c.example,u,p,,,{free}\n"
      + "https://d.example,u,p,,,\"a,b\"\n"
    let plan = try makePlan(text, .firefox)
    try plan.apply(to: editor)
    let ids = plan.steps.map(\.row.login.guid)
    #expect(ids[0] == "{free}" && Set(ids).count == 4 && !ids.contains("{taken}") && !ids.contains("a,b"))
    #expect(try stage.vault.login(guid: "{taken}")?.origin == "https://other.example")
    #expect(try stage.vault.loginCount() == 5)
  }

  @Test func changesNothingIfTheVaultChangedMeanwhile() throws {
    try store(.whole("{1}", origin: "https://b.example", realm: nil, form: "", password: "old"))
    let text = Self.header + ",https://a.example,u,p,\n,https://b.example,u,new,"
    let plan = try makePlan(text, replaces: true)
    try store(.whole("{1}", origin: "https://b.example", realm: nil, form: "", password: "newest"))
    #expect(throws: ImportPlan.Conflict.self) { try plan.apply(to: editor) }
    #expect(try stage.vault.loginCount() == 1 && stage.passwords(at: "https://b.example") == ["newest"])
    // The same login was added by another program.
    let second = try makePlan(Self.header + ",https://c.example,u,p,\n,https://d.example,u,p,")
    try store(.whole("{2}", origin: "https://d.example", realm: nil, form: ""))
    #expect(throws: ImportPlan.Conflict.self) { try second.apply(to: editor) }
    #expect(try stage.passwords(at: "https://c.example") == [] && stage.vault.outboxCount() == 0)
  }

  @Test func theSummaryIsPrintableAndWithoutSecrets() throws {
    try store(.whole("{1}", origin: "https://a.example", realm: nil, form: "", password: "secret 1"))
    let text =
      Self.header + ",https://a.example,u,secret 2,\n\u{1B}[2Jx,https://b.example,u\u{7},secret 3,\n"
      + "\u{1B}[2Jx,https://b.example,u\u{7},secret 4,\n\u{202E}x,,u,,secret 5\nsecret 6\n"
    let lines = ImportSummary(try makePlan(text), format: .chrome).lines
    #expect(
      lines == [
        "format     Chrome CSV", "new        1", "same       0", "completed  0",
        "changed    1 kept; use --replace to change",
        "refused    3", "line 2: a.example/u: another password, kept",
        "line 4: b.example/u%07: another password than in line 3 for the same site and user",
        "line 5: ?x: no password", "line 6: 1 field instead of 5",
      ])
    #expect(!lines.joined().contains("secret"))
    let short = ImportSummary(try makePlan(text), format: .chrome, limit: 1).lines
    #expect(short.count == 9 && short.last == "and 2 more; see --dry-run")
  }
}
