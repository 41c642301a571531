import Foundation
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// Entries of `lockwise-pass` are logins of Firefox, in both directions (issue 14, acceptance 4).
  @Suite(.serialized) struct PassExchangeTests: ExchangeSuite {
    let fixture: InteropFixture

    init() throws { fixture = try SharedInteropFixture.ofSuite() }

    /// Uploads what the vault changed, and lets Firefox fetch it.
    private func sendToFirefox() throws {
      try vault.pull()
      try firefox.sync()
      try fixture.expectAgreement()
      try expectNoDuplicates()
    }

    /// Uploads what Firefox changed, and lets the vault fetch it.
    private func fetchFromFirefox() throws {
      try firefox.sync()
      try vault.pull()
      try fixture.expectAgreement()
      try expectNoDuplicates()
    }

    /// Firefox would drop one of two logins that agree in these members.
    private func expectNoDuplicates() throws {
      let keys = try fixture.stored().values.map { login in
        ["hostname", "formSubmitURL", "httpRealm", "username"].map { "\(login.members[$0] ?? "null")" }
      }
      #expect(Set(keys).count == keys.count)
    }

    @Test func showsAndChangesFirefoxsLogin() throws {
      let id = try firefox.addLogin([
        "hostname": "https://shop.example.net", "formSubmitURL": "https://pay.example.net", "username": "irène",
        "password": "of Firefox", "usernameField": "user", "passwordField": "pw",
      ])
      try fetchFromFirefox()
      let name = "shop.example.net/irène"
      #expect(
        try vault.pass("show", name).output == "of Firefox\nlogin: irène\nurl: https://shop.example.net\n")

      try vault.pass("edit", name, with: ["EDITOR": "sed -i -e '1s/.*/edited/' -e 's/^login: .*/login: ève/'"])
        .expectSuccess()
      try sendToFirefox()
      let edited = try #require(try firefox.syncedLogins()[id])
      #expect(edited.password == "edited" && edited.username == "ève")
      #expect(edited.text("formSubmitURL") == "https://pay.example.net" && edited.text("usernameField") == "user")
      #expect(try vault.pass("history", "--show", "shop.example.net/ève").output.contains("of Firefox"))

      // A name of its own leaves the login where Firefox fills it.
      try vault.pass("mv", "shop.example.net/ève", "Shopping/shoes").expectSuccess()
      try sendToFirefox()
      let moved = try #require(try firefox.syncedLogins()[id])
      #expect(moved.text("hostname") == "https://shop.example.net" && moved.username == "ève")
      #expect(try vault.pass("show", "-o", "Shopping/shoes").output == "edited\n")
      #expect(try vault.pass("show", "-o", "shop.example.net/ève").output == "edited\n")

      // A name of a site moves it there.
      try vault.pass("mv", "Shopping/shoes", "shoes.example.net/eva").expectSuccess()
      try sendToFirefox()
      let elsewhere = try #require(try firefox.syncedLogins()[id])
      #expect(elsewhere.text("hostname") == "https://shoes.example.net" && elsewhere.username == "eva")
      #expect(elsewhere.text("formSubmitURL") == "" && elsewhere.members["httpRealm"] is NSNull)

      try vault.pass("rm", "-f", "shoes.example.net/eva").expectSuccess()
      try sendToFirefox()
      #expect(try firefox.syncedLogins()[id] == nil)
      #expect(try fixture.tombstones().contains(id))
    }

    @Test func firefoxListsAndEditsOurEntries() throws {
      let body = """
        first
        login: carol
        url: https://mail.example.net/login
        otpauth://totp/Mail:carol?secret=JBSWY3DPEHPK3PXP&issuer=Mail
        a note, with “quotes”
        """
      try vault.pass("insert", "-m", "Mail/carol", input: .text(body + "\n")).expectSuccess()
      try vault.pass("insert", "-e", "bank.example.net/dora", input: .text("typed\n")).expectSuccess()
      try vault.pass("generate", "wifi/home", "30").expectSuccess()
      let generated = try #require(try vault.pass("show", "-o", "wifi/home").lines.first)
      try sendToFirefox()

      let logins = try firefox.syncedLogins()
      let mail = try #require(logins.values.first { $0.text("hostname") == "https://mail.example.net" })
      #expect(mail.username == "carol" && mail.password == "first" && mail.text("formSubmitURL") == "")
      let bank = try #require(logins.values.first { $0.text("hostname") == "https://bank.example.net" })
      #expect(bank.username == "dora" && bank.password == "typed" && bank.members["httpRealm"] is NSNull)
      let wifi = try #require(logins.values.first { $0.text("hostname") == "pass://wifi" })
      #expect(wifi.username == "home" && wifi.password == generated && wifi.text("httpRealm") == "pass")

      // In about:logins and by the page's own fields.
      try firefox.navigate(to: "about:logins")
      let page = FirefoxLoginsPage(firefox: firefox)
      #expect(try page.listed(atLeast: 3).isSuperset(of: [mail.id, bank.id, wifi.id]))
      try page.change(mail.id, password: "typed in the page")
      try page.change(wifi.id, password: "another key")
      try firefox.navigate(to: "about:blank")
      try firefox.editLogin(mail.id, ["username": "caroline"])
      try fetchFromFirefox()
      #expect(
        try vault.pass("show", "Mail/carol").output
          == body.replacingOccurrences(of: "first", with: "typed in the page")
          .replacingOccurrences(of: "login: carol", with: "login: caroline") + "\n")
      #expect(try vault.pass("show", "-o", "mail.example.net/caroline").output == "typed in the page\n")
      #expect(try vault.pass("otp", "Mail/carol").output.range(of: "^[0-9]{6}\n$", options: .regularExpression) != nil)
      #expect(try vault.pass("show", "wifi/home").lines.first == "another key")
      for name in ["Mail/carol", "bank.example.net/dora", "wifi/home"] {
        try vault.pass("rm", "-f", name).expectSuccess()
      }
      try sendToFirefox()
    }

    /// The form submits to another origin than the page's, as forms of many sites do.
    @Test func firefoxFillsOurEntry() throws {
      let site = try PageServer(
        """
        <form action="http://127.0.0.1:9/elsewhere"><input name="user"><input name="word" type="password"></form>
        """)
      let name = "http:127.0.0.1:\(site.port)/filled"
      try vault.pass("insert", "-e", name, input: .text("into the form\n")).expectSuccess()
      try sendToFirefox()
      // A Firefox that is controlled remotely fills nothing by itself, and others fill forms of https only.
      for name in ["signon.autofillForms", "signon.autofillForms.http", "signon.rememberSignons"] {
        try firefox.executeScript("Services.prefs.setBoolPref('\(name)', true)", in: .chrome)
      }
      try firefox.navigate(to: "http://127.0.0.1:\(site.port)/")
      var filled: [String] = []
      _ = try Deadline(seconds: 20).await {
        filled =
          try firefox.executeScript("return [...document.querySelectorAll('input')].map(field => field.value)")
          as? [String] ?? []
        return filled.last == "into the form"
      }
      #expect(filled == ["filled", "into the form"])
      try firefox.navigate(to: "about:blank")
      try vault.pass("rm", "-f", name).expectSuccess()
      try sendToFirefox()
    }

    @Test func mergesTheNotesOfTwoVaults() throws {
      let other = try TestHome(sandbox: fixture.sandbox)
      (other.mayWrite, other.mayBeRejected) = (true, true)
      try other.login("--key-file", other.scratch.keyFile).expectSuccess()
      try vault.pass("insert", "-m", "Notes/shared", input: .text("word\none\ntwo\n")).expectSuccess()
      try sendToFirefox()
      try other.pull()
      let edit = "sed -i -e '$a"
      try vault.pass("edit", "Notes/shared", with: ["EDITOR": edit + " here'", "LOCKWISE_PULL_INTERVAL": "0"])
        .expectSuccess()
      try vault.pull()
      try other.pass("edit", "Notes/shared", with: ["EDITOR": edit + " there'", "LOCKWISE_PULL_INTERVAL": "0"])
        .expectSuccess()
      for _ in 0..<2 { for side in [other, vault] { try side.pull() } }
      let merged = try vault.pass("show", "Notes/shared").output
      #expect(try other.pass("show", "Notes/shared").output == merged)
      #expect(Set(merged.split(separator: "\n")) == ["word", "one", "two", "here", "there"])
      try sendToFirefox()
      #expect(try vault.pass("show", "Notes/shared").output == merged)
      try vault.pass("rm", "-f", "Notes/shared").expectSuccess()
      try sendToFirefox()
    }
  }
}

/// A web server of one page, at a port of its own.
private final class PageServer {
  private let scratch: Scratch
  private let program: RunningProgram
  let port: Int

  init(_ html: String) throws {
    scratch = try Scratch()
    let folder = scratch.root + "/page"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try scratch.write("<!doctype html><meta charset=utf-8><title>page</title>" + html, to: folder + "/index.html")
    let script = """
      import functools, http.server, sys
      handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
      open(sys.argv[2], "w").write(f"{server.server_address[1]}\\n")
      server.serve_forever()
      """
    let file = scratch.root + "/port"
    program = try RunningProgram(
      Executables.ofSystem("python3"), ["-c", script, folder, file], environment: ["PATH": "/usr/bin:/bin"])
    var text = ""
    _ = Deadline(seconds: 20).await {
      text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
      return text.hasSuffix("\n")
    }
    port = Int(text.dropLast()) ?? 0
  }

  deinit { program.signal(SIGKILL) }
}

extension TestHome {
  /// Runs `lockwise-pass`.
  fileprivate func pass(
    _ arguments: String..., input: Input = .none, with variables: [String: String] = [:]
  ) throws -> Run {
    try Run.program(
      Executables.path("lockwise-pass"), arguments, input: input,
      environment: scratch.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }.merging(variables) { $1 })
  }
}
