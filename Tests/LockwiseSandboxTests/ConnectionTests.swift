import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct ConnectionTests {
  @Test func keepsConnectionsOpenAndAcceptsLargeBodies() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let payload = String(repeating: "0123456789", count: 250_000)
      #expect(try await user.call("PUT", "/storage/c/big", "{\"payload\":\"\(payload)\"}").status == 200)
      let read = try JSON(parsing: try await user.call("GET", "/storage/c/big").body)
      #expect(read["payload"]?.text == payload)
      let one = "GET /__lbheartbeat__ HTTP/1.1\r\nHost: x\r\n\r\n"
      let last = "GET /__version__ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      let received = try await RawHTTP.exchange(port: test.port, message: Data((one + one + last).utf8))
      let text = String(decoding: received, as: UTF8.self)
      #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 4 && text.contains("lockwise-sandbox"))
    }
  }

  @Test func listensOnOneLoopbackPort() async throws {
    try await TestSandbox.run { (test) async throws in
      var configuration = SandboxConfiguration()
      configuration.port = test.port
      let second = try Sandbox(configuration)
      await #expect(throws: SandboxError.self) { try await second.start() }
      let discovery = try JSON(
        parsing: try await test.send("GET", "/.well-known/fxa-client-configuration").body)
      #expect(discovery["auth_server_base_url"]?.text == test.base + "/auth")
      #expect(discovery["sync_tokenserver_base_url"]?.text == test.base + "/token")
      let openID = try JSON(parsing: try await test.send("GET", "/.well-known/openid-configuration").body)
      #expect(openID["authorization_endpoint"]?.text == test.base + "/authorization")
      #expect(test.base.hasPrefix("http://127.0.0.1:"))
    }
  }

  @Test func logsUnservedRequests() async throws {
    try await TestSandbox.run { (test) async throws in
      for target in [
        "/", "/nothing", "/storage/9.9/1/x", "/auth/v2/account/login", "/%zz", "/storage-x", "//auth//v1",
      ] {
        let status = try await test.send("GET", target).status
        #expect([400, 404].contains(status), "\(target)")
      }
      #expect(try await test.control("GET", "state")["log"]?["unserved"]?.int == 7)
    }
  }
}
