import LockwiseCore

/// A query for records of a collection (Sync storage API 1.5, GET storage/collection).
public struct StorageQuery: Equatable, Sendable {
  /// The order of the records.
  public enum Order: String, CaseIterable, Sendable {
    /// Last written first.
    case newest
    /// Last written last.
    case oldest
    /// Highest `sortindex` first.
    case index
  }

  /// Only these ids, at most 100.
  public var ids: [String] = []
  /// Only records written after this point.
  public var newer: Timestamp?
  /// Only records written before this point.
  public var older: Timestamp?
  /// The most records in one response.
  public var limit: Int?
  /// The order; `nil` leaves it to the server.
  public var order: Order?
  /// The server's token for the end of the previous page.
  var offset: String?

  /// Creates a query for everything.
  public init() {}

  /// The query part of the URL.
  func text(full: Bool) -> String {
    var parts: [String] = []
    if full { parts.append("full=1") }
    if !ids.isEmpty {
      parts.append("ids=" + ids.map { PercentEncoding.encode($0) }.joined(separator: ","))
    }
    if let newer { parts.append("newer=\(newer)") }
    if let older { parts.append("older=\(older)") }
    if let limit { parts.append("limit=\(limit)") }
    if let order { parts.append("sort=\(order.rawValue)") }
    if let offset { parts.append("offset=" + PercentEncoding.encode(offset)) }
    return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
  }
}
