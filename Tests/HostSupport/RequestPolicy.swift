/// What a client of ours must never do to the storage, whichever test it runs in.
enum RequestPolicy {
  /// Writes without a condition; and deletions of a collection or of everything, where the test is not about them. What
  /// Firefox does is its own affair. What was asked counts, not what became of it.
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
  /// A DELETE of the storage or of a collection (Sync storage API 1.5): anything but one record, or records by `ids`.
  fileprivate var isDeletionOfMany: Bool {
    guard method == "DELETE" else { return false }
    let parts = path.split(separator: "?", maxSplits: 1)
    // `/storage/1.5/<uid>/storage/<collection>/<id>`
    let names = parts[0].split(separator: "/")
    let hasIDs = parts.count == 2 && parts[1].split(separator: "&").contains { $0.hasPrefix("ids=") }
    return names.count < 5 || (names.count == 5 && !hasIDs)
  }
}
