import Foundation
import LockwiseTestSupport
import Testing

extension SandboxProcess {
  /// The logins by GUID, decrypted by the sandbox's own code, without tombstones.
  func storedLogins() throws -> [String: [String: Any]] {
    let records = try decrypted("passwords")
    var logins: [String: [String: Any]] = [:]
    for record in records {
      guard let id = record["id"] as? String, let cleartext = record["cleartext"] as? [String: Any] else { continue }
      if cleartext["deleted"] == nil { logins[id] = cleartext }
    }
    return logins
  }

  /// The records of a collection, decrypted by the sandbox: `id`, `modified`, `cleartext`.
  func decrypted(_ collection: String) throws -> [[String: Any]] {
    let answer = try control.json("GET", "/__sandbox__/decrypt?collection=\(collection)&email=\(currentEmail)")
    return try #require(answer as? [[String: Any]])
  }

  /// The writes to the storage since the log was cleared: method, and status or `dropped`.
  func storageWrites() throws -> [String] {
    try requests().filter { $0.isStorage && $0.method != "GET" }.map {
      "\($0.method) \($0.status.map(String.init) ?? "dropped")"
    }
  }
}

/// Logins that a test writes, with a member that no version of Firefox supports.
struct NewLogins {
  let count: Int
  /// The logins as input of `lockwise-sync put passwords`, a JSON array.
  let json: String

  init(_ count: Int, padding: [Int: Int] = [:]) {
    self.count = count
    let records = (0..<count).map { index in
      let pad = String(repeating: "x", count: padding[index] ?? 0)
      return LoginJSON(
        Self.id(index), origin: "https://\(Self.host(index))", password: "p\(index)",
        more: ["extra": "{\"n\":[\(index)],\"pad\":\"\(pad)\"}"]
      ).text
    }
    json = "[" + records.joined(separator: ",\n") + "]"
  }

  static func id(_ index: Int) -> String { "new" + String(String(index + 1_000_000_000).dropFirst()) }
  static func host(_ index: Int) -> String { "n\(index).example" }

  /// Returns the logins that are on the server completely and once. The server must have no others except the
  /// fixture's.
  func stored(in sandbox: SandboxProcess, sourceLocation: SourceLocation = #_sourceLocation) throws -> [Int] {
    let logins = try sandbox.storedLogins()
    let found = (0..<count).filter { logins[Self.id($0)] != nil }
    for index in found {
      let login = logins[Self.id(index)] ?? [:]
      #expect(login["hostname"] as? String == "https://\(Self.host(index))", sourceLocation: sourceLocation)
      #expect(login["password"] as? String == "p\(index)", sourceLocation: sourceLocation)
      let extra = login["extra"] as? [String: Any]
      #expect(extra?["n"] as? [Int] == [index], sourceLocation: sourceLocation)
    }
    #expect(logins.count == 46 + found.count, "strangers on the server", sourceLocation: sourceLocation)
    return found
  }
}
