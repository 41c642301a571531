import Foundation
import Testing

@testable import LockwiseHostSupport

/// A login as the Sync server holds it, encrypted.
struct StoredPayload: Equatable {
  let payload: String
  /// Seconds since 1970, as the server counts them.
  let modified: Double
}

extension SandboxProcess {
  /// A login's ciphertext and time, out of the state file: equal ones mean that nobody wrote it anew.
  func storedRecord(_ id: String) throws -> StoredPayload? {
    let path = NSTemporaryDirectory() + "/lockwise-state-\(UUID().uuidString)"
    defer { unlink(path) }
    try control.send("POST", "/__sandbox__/save", ["path": path])
    let state = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    return Self.record(id, in: state)
  }

  private static func record(_ id: String, in value: Any) -> StoredPayload? {
    guard let object = value as? [String: Any] else {
      return (value as? [Any])?.lazy.compactMap { record(id, in: $0) }.first
    }
    if let item = object[id] as? [String: Any], let payload = item["payload"] as? String,
      let modified = item["modified"] as? Double
    {
      return StoredPayload(payload: payload, modified: modified)
    }
    return object.values.lazy.compactMap { record(id, in: $0) }.first
  }
}
