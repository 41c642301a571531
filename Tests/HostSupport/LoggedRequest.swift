import Foundation

/// A line of the sandbox's request log.
struct LoggedRequest: CustomStringConvertible {
  let method: String
  let path: String
  let status: Int?
  let notes: [String]
  /// The names of the header fields, in lower case.
  let headers: [String]
  /// The name of the client, `lockwise` for our programs.
  let agent: String
  /// The method of authentication: `hawk-session`, `bearer-session`, `hawk-storage` and so on, or `none`.
  let auth: String
  /// The value of `Content-Type`.
  let type: String?
  /// The value of `X-If-Unmodified-Since`.
  let unmodifiedSince: String?

  init(line: String) throws {
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    method = object["method"] as? String ?? ""
    path = object["path"] as? String ?? ""
    status = object["status"] as? Int
    headers = (object["headers"] as? [String] ?? []).map { $0.lowercased() }
    agent = object["agent"] as? String ?? ""
    auth = object["auth"] as? String ?? ""
    type = object["type"] as? String
    unmodifiedSince = object["unmodifiedSince"] as? String
    notes = object["notes"] as? [String] ?? []
  }

  /// Whether the request was to the storage server.
  var isStorage: Bool { path.hasPrefix("/storage") }

  var description: String { "\(method) \(path) \(status.map(String.init) ?? "dropped") \(notes)" }
}
