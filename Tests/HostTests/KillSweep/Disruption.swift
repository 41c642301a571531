import Foundation

@testable import LockwiseHostSupport

/// A change of the environment between two runs of a client, or during one.
enum Disruption: CaseIterable {
  /// Another storage node, with the stored records or without; a Firefox then sets it up.
  case movedNode, emptyNode
  /// A Firefox wiped the storage and set it up again with new syncIDs and keys.
  case reset
  /// New syncIDs over the same records.
  case newGeneration
  /// The server's clock changes so far that it refuses signatures, or slightly less.
  case clockAhead, clockBack, clockSlightlyAhead, clockSlightlyBack
  /// The storage asks for a pause.
  case tooManyRequests, unavailable, backoff
  /// Every response is slow.
  case slow
  /// The vault's disk becomes full after a few blocks, or is read-only.
  case fullDisk, readOnlyDisk

  /// A shell script that runs the command `"$@"` under the disruption; nil if it is the server's.
  func script(_ random: inout some RandomNumberGenerator) -> String? {
    switch self {
    case .fullDisk:
      // Without the signal, write(2) returns an error (setrlimit(2), RLIMIT_FSIZE).
      let blocks = [0, 1, 8, 64, 100, 250, 700].randomElement(using: &random) ?? 0
      return "trap '' XFSZ; ulimit -f \(blocks); exec \"$@\""
    case .readOnlyDisk:
      // Without capabilities, modes apply to root too (capabilities(7), CAP_DAC_OVERRIDE).
      let drop = geteuid() == 0 ? "setpriv --inh-caps=-all --bounding-set=-all " : ""
      return "chmod 0400 \"$LOCKWISE_HOME\"/*; chmod 0500 \"$LOCKWISE_HOME\"; exec \(drop)\"$@\""
    default: return nil
    }
  }

  /// Applies the disruption to the server.
  func happen(to sandbox: SandboxProcess) throws {
    func pause(_ status: Int, _ header: String) throws {
      try sandbox.fault("/storage", count: 1, ["status": status, "body": "0", "headers": [header: "1"]])
    }
    switch self {
    case .movedNode: try sandbox.reassign()
    case .emptyNode:
      try sandbox.reassign(keepData: false)
      try sandbox.setUpStorage()
    case .reset:
      let ids = try sandbox.storedIDs()
      try sandbox.edit(["edits": ids.map { ["collection": "passwords", "id": $0, "delete": true] }])
      try sandbox.setUpStorage()
    case .newGeneration: try sandbox.setUpStorage(keepsKeys: true)
    case .clockAhead: try sandbox.control.send("POST", "/__sandbox__/clock", ["offset": 4000])
    case .clockBack: try sandbox.control.send("POST", "/__sandbox__/clock", ["offset": -4000])
    case .clockSlightlyAhead: try sandbox.control.send("POST", "/__sandbox__/clock", ["offset": 55])
    case .clockSlightlyBack: try sandbox.control.send("POST", "/__sandbox__/clock", ["offset": -55])
    case .tooManyRequests: try pause(429, "Retry-After")
    case .unavailable: try pause(503, "Retry-After")
    case .backoff: try sandbox.fault("/storage", count: 1, ["process": true, "headers": ["X-Weave-Backoff": "1"]])
    case .slow: try sandbox.fault("/storage", count: 0, ["delayMs": 60])
    case .fullDisk, .readOnlyDisk: break
    }
  }
}

extension SandboxProcess {
  /// Returns the ids of all records of logins, including tombstones.
  fileprivate func storedIDs() throws -> [String] {
    let answer = try control.json("GET", "/__sandbox__/decrypt?collection=passwords") as? [[String: Any]]
    return (answer ?? []).compactMap { $0["id"] as? String }
  }

  /// Writes `meta/global` and `crypto/keys` as Firefox does to set up the storage (Sync storage format 5).
  fileprivate func setUpStorage(keepsKeys: Bool = false) throws {
    func random(_ count: Int) -> String {
      Data((0..<count).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
    }
    func syncID() -> String { random(9).replacing("+", with: "-").replacing("/", with: "_") }
    let keys: [String: Any] = [
      "id": "keys", "collection": "crypto", "default": [random(32), random(32)], "collections": [String: Any](),
    ]
    let global: [String: Any] = [
      "syncID": syncID(), "storageVersion": 5, "engines": ["passwords": ["version": 1, "syncID": syncID()]],
      "declined": [String](),
    ]
    var edits: [[String: Any]] = [["collection": "meta", "id": "global", "cleartext": global, "keepID": false]]
    if !keepsKeys { edits.append(["collection": "crypto", "id": "keys", "cleartext": keys]) }
    try edit(["edits": edits])
  }
}
