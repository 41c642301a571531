import Foundation
import Testing

@testable import LockwiseSandbox

/// The device records of sessions that request tokens for Sync (fxa-auth-server, `newTokenNotification`).
@Suite struct DeviceRulesTests {
  /// A browser with a session and its device record.
  private struct Browser {
    let test: TestSandbox
    let session: [(String, String)]

    func token(_ scope: String = SyncKey.scope, session: [(String, String)]? = nil) async throws -> [(String, String)] {
      let granted = try await test.accessToken(
        scope: scope, extra: [JSON.Member("access_type", "offline")], session: session ?? self.session)
      return [("Authorization", "Bearer \(granted["refresh_token"]?.text ?? "")")]
    }

    func duplicate() async throws -> [(String, String)] {
      let response = try await test.send("POST", "/auth/v1/session/duplicate", [:], headers: session)
      return test.bearer(try JSON(parsing: response.body)["sessionToken"])
    }

    func register(_ name: String, by headers: [(String, String)]) async throws -> String? {
      let response = try await test.send(
        "POST", "/auth/v1/account/device", ["name": .string(name), "type": "desktop"], headers: headers)
      return try JSON(parsing: response.body)["id"]?.text
    }

    func destroy(_ id: String?, by headers: [(String, String)]) async throws -> Int {
      try await test.send(
        "POST", "/auth/v1/account/device/destroy", ["id": .optional(id)], headers: headers
      ).status
    }

    func names() async throws -> Set<String> {
      let state = try await test.control("GET", "state")["accounts"]?.list?.first
      return Set(
        state?["devices"]?.list?.compactMap { device in
          "\(device["name"]?.text ?? "") \(device["type"]?.text ?? "")"
        } ?? [])
    }

    func isAlive(_ session: [(String, String)]? = nil) async throws -> Bool {
      try await test.send("GET", "/auth/v1/session/status", headers: session ?? self.session).status == 200
    }

    func mayRefresh(_ token: [(String, String)]) async throws -> Bool {
      try await test.send("GET", "/auth/v1/account/devices", headers: token).status == 200
    }
  }

  private func run(_ body: (Browser) async throws -> Void) async throws {
    try await TestSandbox.run { (test) async throws in
      try await body(Browser(test: test, session: try await test.session()))
    }
  }

  @Test("A token of a session is attached to the device of that session") func attachesTheTokenToTheDevice()
    async throws
  {
    try await run { browser in
      let id = try await browser.register("browser", by: browser.session)
      let token = try await browser.token()
      #expect(try await browser.names() == ["browser desktop"])
      // The record is updated without a conflict.
      #expect(try await browser.register("lockwise", by: token) == id)
      #expect(try await browser.register("again", by: browser.session) == id)
      #expect(try await browser.names() == ["again desktop"])
      #expect(try await browser.destroy(id, by: token) == 200)
      #expect(try await !browser.isAlive())
      #expect(try await !browser.mayRefresh(token))
    }
  }

  @Test("A session without a device gets a placeholder") func addsAPlaceholder() async throws {
    try await run { browser in
      let token = try await browser.token()
      #expect(try await browser.names() == ["Reference Browser mobile"])
      let id = try await browser.register("lockwise", by: token)
      #expect(try await browser.register("browser", by: browser.session) == id)
      #expect(try await browser.names() == ["browser desktop"])
    }
  }

  @Test("Tokens that are not for Sync are attached to no device") func ignoresOtherScopes() async throws {
    try await run { browser in
      let token = try await browser.token("profile")
      #expect(try await browser.names() == [])
      _ = try await browser.register("lockwise", by: token)
      #expect(try await browser.names() == ["lockwise desktop"])
      #expect(try await browser.isAlive())
    }
  }

  @Test("The end of a session removes its device but not the token") func removesTheDeviceWithItsSession() async throws
  {
    try await run { browser in
      let token = try await browser.token()
      #expect(
        try await browser.test.send("POST", "/auth/v1/session/destroy", [:], headers: browser.session).status == 200)
      #expect(try await browser.names() == [])
      #expect(try await browser.mayRefresh(token))
      let id = try await browser.register("lockwise", by: token)
      #expect(try await browser.destroy(id, by: token) == 200)
      #expect(try await !browser.mayRefresh(token))
    }
  }

  @Test("A device registered before the session ends is lost") func losesADeviceRegisteredTooEarly() async throws {
    try await run { browser in
      let token = try await browser.token()
      _ = try await browser.register("lockwise", by: token)
      _ = try await browser.test.send("POST", "/auth/v1/session/destroy", [:], headers: browser.session)
      #expect(try await browser.names() == [])
    }
  }

  @Test("With a duplicated session, the browser's session and device stay unchanged")
  func leavesTheOriginalSessionAlone() async throws {
    try await run { browser in
      _ = try await browser.register("browser", by: browser.session)
      let copy = try await browser.duplicate()
      let token = try await browser.token(session: copy)
      #expect(try await browser.names() == ["browser desktop", "Reference Browser mobile"])
      _ = try await browser.test.send("POST", "/auth/v1/session/destroy", [:], headers: copy)
      let id = try await browser.register("lockwise", by: token)
      #expect(try await browser.names() == ["browser desktop", "lockwise desktop"])
      #expect(try await browser.destroy(id, by: token) == 200)
      #expect(try await browser.isAlive())
      #expect(try await browser.names() == ["browser desktop"])
    }
  }

  @Test("A revoked token leaves the device to the session") func keepsTheDeviceOfTheSession() async throws {
    try await run { browser in
      _ = try await browser.register("browser", by: browser.session)
      let token = try await browser.token()
      let text = token[0].1.dropFirst("Bearer ".count)
      #expect(
        try await browser.test.send("POST", "/auth/v1/oauth/destroy", ["token": .string(String(text))]).status == 200)
      #expect(try await browser.names() == ["browser desktop"])
      #expect(try await browser.isAlive())
    }
  }
}
