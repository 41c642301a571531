import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.NewAccounts {
  /// A changed password and a reset of the account.
  @Suite(.serialized) struct AccountChangeTests {
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
      try vault.put([Self.login("two")])
      try firefox.sync()
      try fixture.expectAgreement()
    }

    private static func login(_ name: String) -> [String: Any] {
      LoginJSON(origin: "https://\(name).example", password: name, more: ["x-kept": "[1]"]).object
    }

    /// The change signs both out. Both sign in again, and upload their changes from the meantime.
    @Test(arguments: [false, true])
    func signsInAgainAfterAPasswordChange(withNewKeys: Bool) throws {
      let password = "another & longer password"
      let kid = try fixture.keyID()
      try fixture.provoking([400, 401, 403]) {
        try fixture.sandbox.account(["password": password, "newKeys": withNewKeys])
        #expect(try (fixture.keyID() == kid) == !withNewKeys)
        try firefox.addLogin(Self.login("three"))
        try endStorageToken()
        for _ in 0..<2 { _ = try firefox.syncOutcome() }
        #expect(try firefox.executeBrowserScript("return await fxa.hasLocalSession()") as? Bool == false)
        try endStorageToken()
        try vault.put([Self.login("four")], status: 5)

        try fixture.signFirefoxIn(password: password)
        try firefox.sync()
        try vault.login(password: password).expectSuccess()
        try vault.pull()
      }
      try fixture.syncAll()
      try fixture.expectAgreement()
      #expect(try vault.syncedLogins().values.map(\.password).sorted() == ["four", "one", "three", "two"])
    }

    /// Otherwise it is valid for the rest of its hour.
    private func endStorageToken() throws {
      try fixture.sandbox.fault("/storage/", ["status": 401, "body": "0"])
    }
  }
}
