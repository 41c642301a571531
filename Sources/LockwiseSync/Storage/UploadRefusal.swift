/// The reason why a server did not store a record. The server's own text is dropped: it is for developers, and a server
/// may write anything.
enum UploadRefusal {
  static let tooLarge = "larger than the server accepts"
  private static let tooMany = "too many records in one upload"

  /// Whether a record with this reason may be accepted in a request with fewer other records.
  static func dependsOnOthers(_ reason: String) -> Bool { reason == tooLarge || reason == tooMany }

  /// Translates a text of `failed` (Sync storage API 1.5, POST storage/collection).
  static func text(for raw: String) -> String {
    let raw = raw.lowercased()
    if raw.hasPrefix("retry bytes") { return tooLarge }
    if raw.hasPrefix("retry bso") { return tooMany }
    if raw.hasPrefix("db error") { return "the server could not store it" }
    if raw.hasPrefix("invalid") || raw.hasPrefix("unknown field") { return "the server considers it invalid" }
    return "not accepted by the server"
  }
}
