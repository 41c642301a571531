import Foundation
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// Firefox lists, edits and syncs back what `lockwise-askpass save` wrote (issue 15, acceptance 10).
  @Suite(.serialized) struct AskpassExchangeTests: ExchangeSuite {
    let fixture: InteropFixture

    init() throws { fixture = try SharedInteropFixture.ofSuite() }

    private func askpass(_ arguments: String..., input: String) throws -> Run {
      try Run.program(
        Executables.path("lockwise-askpass"), arguments, input: .text(input + "\n"),
        environment: vault.scratch.environment.merging(["PATH": "/usr/bin:/bin", "LOGNAME": "marie"]) { $1 })
    }

    @Test func firefoxListsAndEditsWhatWasSaved() throws {
      let key = vault.scratch.root + "/id_marie"
      try Run.program(
        Executables.ofSystem("ssh-keygen"),
        ["-q", "-t", "ed25519", "-N", "radium 88", "-C", "marie's key", "-f", key],
        environment: vault.scratch.environment
      ).expectSuccess()
      try askpass("save", "ssh", "marie@host.example:2222", input: "of ssh").expectSuccess()
      try askpass("save", "key", key, input: "radium 88").expectSuccess()
      try askpass("save", "sudo", input: "of sudo").expectSuccess()
      try vault.pull()
      try firefox.sync()
      try fixture.expectAgreement()

      let logins = try firefox.syncedLogins()
      let machine = ProcessInfo.processInfo.hostName
      let account = try #require(logins.values.first { $0.text("hostname") == "ssh://host.example:2222" })
      #expect(account.username == "marie" && account.password == "of ssh" && account.text("httpRealm") == "ssh")
      let passphrase = try #require(logins.values.first { $0.text("httpRealm") == "ssh-key" })
      #expect(passphrase.username == "marie's key" && passphrase.password == "radium 88")
      #expect(passphrase.text("hostname").wholeMatch(of: #/ssh-key://[0-9a-f]{64}/#) != nil)
      let sudo = try #require(logins.values.first { $0.text("httpRealm") == "sudo" })
      #expect(sudo.text("hostname") == "sudo://\(machine)" && sudo.username == "marie" && sudo.password == "of sudo")

      try firefox.navigate(to: "about:logins")
      let page = FirefoxLoginsPage(firefox: firefox)
      let ours: Set = [account.id, passphrase.id, sudo.id]
      #expect(try page.listed(atLeast: 3).isSuperset(of: ours))
      for id in ours { try page.change(id, password: "typed in the page") }
      try firefox.navigate(to: "about:blank")
      try firefox.sync()
      try vault.pull()
      try fixture.expectAgreement()
      let answer = try Run.program(
        Executables.path("lockwise-pass"), ["show", "-o", "ssh:host.example:2222/marie"],
        environment: vault.scratch.environment)
      #expect(answer.output == "typed in the page\n", "\(answer.error)")

      // The program changes the login that Firefox edited, and does not add another.
      try askpass("save", "ssh", "marie@host.example:2222", input: "changed").expectSuccess()
      try vault.pull()
      try firefox.sync()
      let changed = try firefox.syncedLogins()
      #expect(changed[account.id]?.password == "changed")
      #expect(changed.values.filter { $0.text("hostname") == "ssh://host.example:2222" }.count == 1)
      for name in ["ssh:host.example:2222/marie", "sudo:\(machine)/marie", passphrase.id] {
        try Run.program(
          Executables.path("lockwise-pass"), ["rm", "-f", name], environment: vault.scratch.environment
        ).expectSuccess()
      }
      try vault.pull()
      try firefox.sync()
      try fixture.expectAgreement()
    }
  }
}
