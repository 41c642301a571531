import Foundation
import Testing

/// An encrypted login on the Sync server.
struct StoredPayload: Equatable {
  let payload: String
  /// The server's time in seconds since 1970.
  let modified: Double
}

extension SandboxProcess {
  /// Returns a login's ciphertext and time from the state file. Equal ones mean that it was not written again.
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
