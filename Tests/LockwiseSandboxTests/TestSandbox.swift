import Foundation
import Testing

@testable import LockwiseSandbox

/// A sandbox in this process with Firefox's fixture, and the requests of a client.
struct TestSandbox: Sendable {
  static let secret = "the tests' own secret"
  static let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// The account of the fixture, saved once to stretch its password only once.
  private static let template = Task { () throws -> String in
    var configuration = SandboxConfiguration()
    configuration.fixture = fixture.appending(path: "firefox-esr-153").path
    configuration.state = templatePath
    configuration.fastPasswords = true
    try await Sandbox(configuration).save()
    return templatePath
  }

  private static let templatePath = fixture.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: ".build/sandbox-tests.json").path

  let sandbox: Sandbox
  let port: UInt16
  let base: String
  let account: JSON

  /// Runs a test with a new sandbox.
  static func run<Result>(
    switches: [String] = [], _ body: (TestSandbox) async throws -> Result
  ) async throws -> Result {
    var configuration = SandboxConfiguration()
    configuration.state = try await template.value
    configuration.tokenSecret = secret
    configuration.switches = switches
    return try await run(configuration, body)
  }

  static func run<Result>(
    _ configuration: SandboxConfiguration, _ body: (TestSandbox) async throws -> Result
  ) async throws -> Result {
    let sandbox = try Sandbox(configuration)
    let base = try await sandbox.start()
    let file = fixture.appending(path: "firefox-esr-153/account.json")
    let test = TestSandbox(
      sandbox: sandbox, port: try #require(await sandbox.port), base: base,
      account: try JSON(parsing: try Data(contentsOf: file)))
    do {
      let result = try await body(test)
      await sandbox.stop()
      return result
    } catch {
      await sandbox.stop()
      throw error
    }
  }

  var email: String { account["email"]?.text ?? "" }
  var password: String { account["password"]?.text ?? "" }
  var kid: String { account["kid"]?.text ?? "" }

  // MARK: Requests

  func send(
    _ method: String, _ target: String, _ body: JSON? = nil, headers: [(String, String)] = []
  ) async throws -> RawHTTP.Response {
    var headers = headers
    if body != nil { headers.append(("Content-Type", "application/json")) }
    return try await RawHTTP.send(
      port: port, method: method, target: target, headers: headers, body: body?.encoded)
  }

  @discardableResult func control(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
    let response = try await send(method, "/__sandbox__/" + path, body)
    try #require(response.status == 200, "\(path): \(response.text)")
    return try JSON(parsing: response.body)
  }

  func set(_ name: String, _ value: JSON) async throws {
    try await control("POST", "switches", .object([JSON.Member(name, value)]))
  }

  /// Sets the servers' clock ahead by some seconds. Requests signed with this machine's time are still accepted.
  func moveClock(_ seconds: Int) async throws {
    try await set("hawk.skew", 1_000_000)
    try await control("POST", "clock", ["offset": .int(seconds)])
  }

  func log() async throws -> [JSON] {
    try await send("GET", "/__sandbox__/requests").text.split(separator: "\n").map {
      try JSON(parsing: String($0))
    }
  }

  func mail() async throws -> [JSON] { try await control("GET", "mail").list ?? [] }

  // MARK: Accounts

  func login(
    _ extra: [JSON.Member] = [], email: String? = nil, password: String? = nil, query: String = "?keys=true"
  ) async throws -> RawHTTP.Response {
    let email = email ?? self.email
    let stretched = Signing.authPW(email: email, password: password ?? self.password)
    let members = [JSON.Member("email", .string(email)), JSON.Member("authPW", .string(stretched.authPW))]
    return try await send("POST", "/auth/v1/account/login" + query, .object(members + extra))
  }

  func bearer(_ token: JSON?, kind: String = "sessionToken", prefix: String = "fxs") -> [(String, String)] {
    [("Authorization", "Bearer \(prefix)_" + Signing.token(token?.text ?? "", kind: kind).id)]
  }

  /// Returns the headers of a new, verified session.
  func session() async throws -> [(String, String)] {
    let response = try await login(query: "")
    try #require(response.status == 200, "\(response.text)")
    return bearer(try JSON(parsing: response.body)["sessionToken"])
  }

  func accessToken(
    scope: String = SyncKey.scope, extra: [JSON.Member] = [], session: [(String, String)]? = nil
  ) async throws -> JSON {
    let headers: [(String, String)]
    if let session { headers = session } else { headers = try await self.session() }
    let members = [
      JSON.Member("grant_type", "fxa-credentials"), JSON.Member("client_id", "3c49430b43dfba77"),
      JSON.Member("scope", .string(scope)),
    ]
    let response = try await send("POST", "/auth/v1/oauth/token", .object(members + extra), headers: headers)
    try #require(response.status == 200, "\(response.text)")
    return try JSON(parsing: response.body)
  }

  func storageToken(
    _ access: JSON, keyID: String? = nil, query: String = "", headers: [(String, String)] = []
  ) async throws -> RawHTTP.Response {
    try await send(
      "GET", "/token/1.0/sync/1.5" + query,
      headers: [
        ("Authorization", "Bearer \(access["access_token"]?.text ?? "")"), ("X-KeyID", keyID ?? kid),
      ] + headers)
  }
}

/// A storage user, with tokens that the test signs itself.
struct StorageUser: Sendable {
  let test: TestSandbox
  let uid: Int
  let prefix: String
  private let token: (id: String, key: Data)

  init(_ test: TestSandbox, uid: Int = 77, expires: Int = 4_000_000_000) {
    self.test = test
    self.uid = uid
    prefix = "/1.5/\(uid)"
    token = Signing.storageToken(secret: TestSandbox.secret, uid: uid, expires: expires)
  }

  var hawk: Signing.Hawk { Signing.Hawk(id: token.id, key: token.key) }

  @discardableResult func call(
    _ method: String, _ path: String, _ body: String? = nil, _ headers: [String: String] = [:],
    type: String? = "application/json"
  ) async throws -> RawHTTP.Response {
    let target = prefix + path
    var all = headers.map { ($0.key, $0.value) }
    all.append(("Authorization", hawk.header(method: method, target: target, port: test.port)))
    if body != nil, let type { all.append(("Content-Type", type)) }
    return try await RawHTTP.send(
      port: test.port, method: method, target: target, headers: all, body: body.map { Data($0.utf8) })
  }

  /// Writes one record and returns its time.
  @discardableResult func put(_ path: String, _ record: JSON = ["payload": "x"]) async throws -> String {
    let response = try await call("PUT", "/storage/" + path, record.encodedText)
    try #require(response.status == 200, "\(response.text)")
    return response.text
  }

  func ids(_ query: String) async throws -> [String] {
    let response = try await call("GET", "/storage/" + query)
    try #require(response.status == 200, "\(response.status) \(response.text)")
    return try JSON(parsing: response.body).list?.compactMap(\.text) ?? []
  }
}
