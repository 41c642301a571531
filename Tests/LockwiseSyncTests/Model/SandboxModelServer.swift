import Foundation
import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport

@testable import LockwiseSync

/// The built `lockwise-sandbox`, over HTTP, as the server of a model test: the account of the fixture that real Firefox
/// wrote, without its logins.
final class SandboxModelServer: ModelServer {
  struct Failure: Error { let reason: String }

  let clock = TestClock()
  let syncKey: SyncKeyBundle
  let keys: SyncKeyBundle
  let transport: any HTTPTransport
  private let directory: URL
  private let process: TestProcess
  private let url: String
  private let account: SignedInAccount
  /// The difference between the sandbox's clock and the machine's.
  private var offset: Milliseconds = 0

  private static var executable: String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("lockwise-sandbox").path
  }

  init() throws {
    let fixture = TestVectors.fixtures.appendingPathComponent("firefox-esr-153")
    directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let portFile = directory.appendingPathComponent("port")
    process = try TestProcess([
      Self.executable, "--fixture", fixture.path, "--port-file", portFile.path, "--exit-with-parent", "--quiet",
    ])
    var port: String?
    for _ in 0..<400 where port == nil {
      port = try? String(contentsOf: portFile, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
      if port == nil { usleep(50_000) }
    }
    guard let port else { throw Failure(reason: "lockwise-sandbox does not start") }
    url = "http://127.0.0.1:\(port)"
    let transport = try CurlTransport(userAgent: "lockwise/test")
    self.transport = transport
    let text = try JSONSerialization.jsonObject(
      with: Data(contentsOf: fixture.appendingPathComponent("account.json")))
    guard let owner = text as? [String: Any], let email = owner["email"] as? String,
      let password = owner["password"] as? String
    else { throw Failure(reason: "no account") }
    let servers = try ServerConfiguration.discover(contentRoot: url, transport: transport)
    account = try PasswordSignIn(servers: servers, transport: transport)
      .signIn(email: email, password: SecretBytes(utf8: password)).account
    syncKey = try SyncKeyBundle(syncKey: account.syncKey.key)
    let source = Self.source(account, transport, Self.machineTime)
    let client = StorageClient(
      environment: StorageEnvironment(
        transport: transport, random: SystemRandom(), now: { Self.machineTime }, sleep: { _ in }),
      credentials: source, documents: MemoryMirror())
    keys = try GlobalRecords(client: client).keys(syncKey).bundle(for: "passwords")
    try advance(0)
    let edits = try rows().compactMap { $0["id"] as? String }.map { ["id": $0, "delete": true] as [String: Any] }
    try control("edit", ["collection": "passwords", "edits": edits])
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  private static var machineTime: Milliseconds { .now() }

  private static func source(
    _ account: SignedInAccount, _ transport: any HTTPTransport, _ time: Milliseconds
  ) -> FreshCredentials {
    FreshCredentials {
      try StorageCredentialsProvider(
        account: account, documents: MemoryMirror(), transport: transport, clock: WallClock { time }
      ).credentials()
    }
  }

  /// The state that a vault keeps between clients.
  private var current: FreshCredentials?

  func credentials() -> any StorageCredentialsSource {
    let source = current ?? Self.source(account, transport, clock.now)
    current = source
    return source
  }

  func advance(_ span: Milliseconds) throws {
    offset += span
    try control("clock", ["offset": Double(offset.rawValue) / 1000])
    clock.now = Self.machineTime + offset
  }

  func setLimits(records: Int, hasBatches: Bool, isTold: Bool) throws {
    try control("switches", ["storage.max-post-records": records, "storage.batches": hasBatches])
  }

  func contents() throws -> [String: ModelRecord] {
    var contents: [String: ModelRecord] = [:]
    for row in try rows() {
      guard let id = row["id"] as? String, let record = row["cleartext"] as? ModelRecord else {
        throw Failure(reason: "the sandbox cannot read \(row)")
      }
      if record["deleted"] == nil { contents[id] = record }
    }
    return contents
  }

  /// Returns the stored records, decrypted by the sandbox.
  private func rows() throws -> [[String: Any]] {
    let response = try transport.send(
      HTTPRequest(method: "GET", url: "\(url)/__sandbox__/decrypt?collection=passwords"))
    let data = response.body.withUnsafeBytes { Data($0) }
    return try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
  }

  private func control(_ path: String, _ body: [String: Any]) throws {
    let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
    let response = try transport.send(
      HTTPRequest(method: "POST", url: "\(url)/__sandbox__/\(path)", body: SecretBytes(utf8: text)))
    guard response.status == 200 else { throw Failure(reason: response.body.exposedText() ?? path) }
  }
}

/// The credentials of the sandbox's token server, replaced after a 401.
final class FreshCredentials: StorageCredentialsSource {
  private let fetch: () throws -> StorageCredentials
  private var current: StorageCredentials?
  private var offset: Milliseconds = 0

  init(_ fetch: @escaping () throws -> StorageCredentials) { self.fetch = fetch }

  func credentials() throws -> StorageCredentials { try current ?? replaceAfterUnauthorized() }

  func replaceAfterUnauthorized() throws -> StorageCredentials {
    let new = try fetch().withClockOffset(offset)
    current = new
    return new
  }

  func setClockOffset(_ span: Milliseconds) throws { offset = span }
}
