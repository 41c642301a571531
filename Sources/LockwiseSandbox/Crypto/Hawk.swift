import Foundation

/// The attributes of an `Authorization: Hawk …` header.
struct HawkHeader: Equatable {
  private(set) var attributes: [String: String] = [:]

  /// The id of the credentials.
  var id: String { attributes["id"] ?? "" }
  /// The client's Unix time in seconds.
  var timestamp: Int { Int(attributes["ts"] ?? "") ?? 0 }
  var nonce: String { attributes["nonce"] ?? "" }
  var mac: String { attributes["mac"] ?? "" }
  var hash: String? { attributes["hash"] }

  private static let allowed: Set = ["id", "ts", "nonce", "hash", "ext", "mac", "app", "dlg"]

  /// Parses a header value of at most 4096 bytes; nil unless it is well-formed and has only Hawk's attributes, each
  /// once.
  init?(_ value: String) {
    guard value.utf8.count <= 4096, value.hasPrefix("Hawk ") else { return nil }
    for part in value.dropFirst(5).split(separator: ",", omittingEmptySubsequences: false) {
      guard let equals = part.firstIndex(of: "=") else { return nil }
      let name = part[..<equals].drop { $0 == " " }
      let quoted = part[part.index(after: equals)...].reversed().drop { $0 == " " }.reversed()
      let text = String(quoted)
      guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\""), Self.allowed.contains(String(name)),
        attributes.updateValue(String(text.dropFirst().dropLast()), forKey: String(name)) == nil
      else { return nil }
    }
    guard !id.isEmpty, !nonce.isEmpty, !mac.isEmpty, let stamp = attributes["ts"], Int(stamp) != nil else {
      return nil
    }
  }

  /// Returns the text that the MAC covers (Hawk 1.1, normalized request string).
  func normalized(method: String, target: String, host: String, port: Int) -> String {
    var lines = [
      "hawk.1.header", attributes["ts"] ?? "", nonce, method.uppercased(), target, host.lowercased(),
      String(port), hash ?? "",
      (attributes["ext"] ?? "").replacing("\\", with: "\\\\").replacing("\n", with: "\\n"),
    ]
    if let app = attributes["app"] { lines += [app, attributes["dlg"] ?? ""] }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Returns the MAC that a request must have, in base64.
  func expectedMAC(key: [UInt8], method: String, target: String, host: String, port: Int) -> String {
    let text = normalized(method: method, target: target, host: host, port: port)
    return Base64.standard(Derive.hmac(key, Array(text.utf8)))
  }

  /// Returns the `hash` attribute for a body (Hawk 1.1, payload validation).
  static func payloadHash(contentType: String, body: Data) -> String {
    let type = contentType.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
      .trimmingCharacters(in: .whitespaces).lowercased()
    return Base64.standard(Derive.sha256(Data("hawk.1.payload\n\(type)\n".utf8) + body + Data("\n".utf8)))
  }

  /// Returns `WWW-Authenticate` for a stale timestamp: the server's time, authenticated with the client's key.
  static func staleChallenge(now: Int, key: [UInt8]) -> String {
    let tsm = Base64.standard(Derive.hmac(key, Array("hawk.1.ts\n\(now)\n".utf8)))
    return "Hawk ts=\"\(now)\", tsm=\"\(tsm)\", error=\"Stale timestamp\""
  }
}
