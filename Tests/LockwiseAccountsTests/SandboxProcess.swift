import Foundation
import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport

/// The built `lockwise-sandbox`, which runs on a free port until the last reference is released.
final class SandboxProcess {
  /// The content root.
  let url: String
  private let directory: URL
  private let process: TestProcess
  private let control: CurlTransport

  struct Failure: Error { let reason: String }

  /// In the folder of this test's executable.
  private static var executable: String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("lockwise-sandbox").path
  }

  /// Starts a sandbox with the account of the fixture that real Firefox wrote.
  init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let portFile = directory.appendingPathComponent("port")
    process = try TestProcess([
      Self.executable, "--fixture", TestVectors.fixtures.appendingPathComponent("firefox-esr-153").path,
      "--port-file", portFile.path, "--exit-with-parent", "--quiet",
    ])
    control = try CurlTransport(userAgent: "lockwise/test")
    var port: Int?
    for _ in 0..<400 where port == nil {
      port = (try? String(contentsOf: portFile, encoding: .utf8)).flatMap {
        Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
      }
      if port == nil { usleep(50_000) }
    }
    guard let port else { throw Failure(reason: "lockwise-sandbox does not start") }
    url = "http://127.0.0.1:\(port)"
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// Sends a request to the control surface.
  func control(_ path: String, _ body: String) throws {
    let response = try control.send(
      HTTPRequest(method: "POST", url: "\(url)/__sandbox__/\(path)", body: SecretBytes(utf8: body)))
    guard response.status == 200 else {
      throw Failure(reason: "\(path) \(body): \(response.body.exposedText() ?? "")")
    }
  }

  /// Resets all switches.
  func resetSwitches() throws {
    _ = try control.send(HTTPRequest(method: "DELETE", url: "\(url)/__sandbox__/switches"))
  }

  /// Returns the sandbox's state of the account with an address.
  func account(_ email: String) throws -> [String: Any] {
    let response = try control.send(HTTPRequest(method: "GET", url: "\(url)/__sandbox__/state"))
    let data = response.body.withUnsafeBytes { Data($0) }
    let state = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let accounts = state?["accounts"] as? [[String: Any]] ?? []
    return accounts.first { $0["email"] as? String == email } ?? [:]
  }

  /// Returns the numbers of sessions, refresh tokens and key fetch tokens of the account.
  func tokenCounts(_ email: String) throws -> [Int] {
    let account = try account(email)
    return [
      (account["sessions"] as? [Any])?.count ?? -1, (account["refreshTokens"] as? [Any])?.count ?? -1,
      account["keyFetchTokens"] as? Int ?? -1,
    ]
  }
}
