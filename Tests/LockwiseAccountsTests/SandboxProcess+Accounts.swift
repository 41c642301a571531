import Foundation

@testable import LockwiseHostSupport

extension SandboxProcess {
  /// Starts the sandbox that was built with the tests, next to their executable.
  static func ofBuild() throws -> SandboxProcess {
    let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    return try SandboxProcess(
      executable: folder.appendingPathComponent("lockwise-sandbox").path,
      environment: ProcessInfo.processInfo.environment)
  }

  /// Posts JSON to a path of the control surface.
  func post(_ path: String, _ json: String) throws {
    let body = try JSONSerialization.jsonObject(with: Data(json.utf8))
    try control.send("POST", "/__sandbox__/\(path)", body)
  }

  /// Resets all switches.
  func resetSwitches() throws { try control.send("DELETE", "/__sandbox__/switches") }

  /// The sandbox's state of the account with this address.
  func account(_ email: String) throws -> [String: Any] {
    let accounts = try snapshot()["accounts"] as? [[String: Any]] ?? []
    return accounts.first { $0["email"] as? String == email } ?? [:]
  }

  /// The numbers of sessions, refresh tokens and key-fetch tokens of an account.
  func tokenCounts(_ email: String) throws -> [Int] {
    let account = try account(email)
    return [
      (account["sessions"] as? [Any])?.count ?? -1, (account["refreshTokens"] as? [Any])?.count ?? -1,
      account["keyFetchTokens"] as? Int ?? -1,
    ]
  }
}
