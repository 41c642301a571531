import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.NewAccounts {
  /// Sync, or the passwords in it, turned off in Firefox and on again.
  @Suite(.serialized) struct SwitchedSyncTests {
    private let fixture: InteropFixture
    private let firefox: FirefoxProcess
    private let vault: TestHome

    init() throws {
      fixture = try SharedInteropFixture.ofSuite()
      firefox = try fixture.startOver()
      try firefox.addLogin(Self.login("one"))
      try fixture.signFirefoxIn()
      try firefox.sync()
      vault = try fixture.addVault()
      try vault.pull()
      try vault.put([Self.login("two", ["lockwise": ["notes": "n"]])])
      try firefox.sync()
      try fixture.expectAgreement()
    }

    private static func login(_ name: String, _ members: [String: Any] = [:]) -> [String: Any] {
      LoginJSON(origin: "https://\(name).example", password: name).object.merging(members) { $1 }
    }

    private func expectEverywhere(_ names: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
      try fixture.syncAll()
      try fixture.expectAgreement(sourceLocation: sourceLocation)
      let passwords = try vault.syncedLogins().values.map(\.password).sorted()
      #expect(passwords == names.sorted(), sourceLocation: sourceLocation)
      let two = try vault.syncedLogins().values.first { $0.password == "two" }
      #expect(two?.has(["notes": "n"], in: "lockwise") == true, sourceLocation: sourceLocation)
    }

    @Test func reconnectsFirefox() throws {
      try firefox.signOut()
      try firefox.addLogin(Self.login("three"))
      try vault.put([Self.login("four")])
      try fixture.signFirefoxIn()
      try firefox.sync()
      try expectEverywhere("one", "two", "three", "four")
    }

    /// Firefox deletes the passwords on the server and declines them. The vault keeps its logins, and its changes wait.
    @Test func turnsPasswordsOffAndOn() throws {
      try firefox.setEngine("passwords", isOn: false)
      try firefox.sync()
      #expect(try fixture.sandbox.decrypted("passwords").isEmpty)
      let notices = try vault.sync("pull").expectSuccess().error
      #expect(notices.contains("this account's Sync settings exclude passwords"))
      #expect(notices.contains("the vault keeps its logins"))
      #expect(try vault.syncedLogins().values.map(\.password).sorted() == ["one", "two"])
      try vault.put([Self.login("four")], status: 6)
      #expect(try vault.status()["waiting"] as? Int == 1)
      #expect(try fixture.sandbox.decrypted("passwords").isEmpty)

      try firefox.addLogin(Self.login("three"))
      try firefox.setEngine("passwords", isOn: true)
      try firefox.sync()
      try expectEverywhere("one", "two", "three", "four")
    }
  }
}
