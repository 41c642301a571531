/// The requests to the storage that our programs must not send in any test.
enum RequestPolicy {
  /// Returns the writes without a condition, and the deletions of a collection or of everything unless `mayDelete` is set.
  /// Firefox's requests are not checked. A request counts even if it failed.
  static func violations(_ requests: [LoggedRequest], mayDelete: Bool) -> [String] {
    requests.filter { $0.agent == "lockwise" && $0.isStorage && !["GET", "HEAD"].contains($0.method) }.flatMap {
      request in
      var violations: [String] = []
      if !request.headers.contains("x-if-unmodified-since") { violations.append("a write without a condition") }
      if !mayDelete, request.isDeletionOfMany { violations.append("a deletion of more than records") }
      return violations.map { "\($0): \(request)" }
    }
  }
}

extension LoggedRequest {
  /// Whether a DELETE is of the storage or a collection (Sync storage API 1.5), not of a record or of records by `ids`.
  fileprivate var isDeletionOfMany: Bool {
    guard method == "DELETE" else { return false }
    let parts = path.split(separator: "?", maxSplits: 1)
    // `/storage/1.5/<uid>/storage/<collection>/<id>`
    let names = parts[0].split(separator: "/")
    let hasIDs = parts.count == 2 && parts[1].split(separator: "&").contains { $0.hasPrefix("ids=") }
    return names.count < 5 || (names.count == 5 && !hasIDs)
  }
}
