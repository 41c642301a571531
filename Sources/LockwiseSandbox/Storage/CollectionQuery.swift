import Foundation

/// The parameters of `GET storage/<collection>`.
struct CollectionQuery {
  /// The orders of the Sync storage API.
  enum Sort: String {
    case newest, oldest, index

    func precedes(_ left: StoredRecord, _ right: StoredRecord) -> Bool {
      switch self {
      case .newest: return left.sequence > right.sequence
      case .oldest: return left.sequence < right.sequence
      case .index:
        let leftIndex = left.sortindex ?? Int.min
        let rightIndex = right.sortindex ?? Int.min
        return leftIndex == rightIndex ? left.sequence > right.sequence : leftIndex > rightIndex
      }
    }
  }

  private(set) var ids: [String]?
  private(set) var newer: SyncTime?
  private(set) var older: SyncTime?
  private(set) var full = false
  private(set) var limit: Int?
  private(set) var sort = Sort.newest
  /// Where the page before this one ended.
  private(set) var cursor: Int?

  /// Reads the query string.
  ///
  /// - Throws: ``StorageError`` (400) for anything that is not as the API says, also for an offset that
  ///   was handed out for another query.
  init(_ request: Request) throws {
    var offset: String?
    for (name, value) in request.query {
      switch name {
      case "ids":
        let list = value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        guard list.count <= 100, list.allSatisfy(RecordInput.isValidID) else { throw StorageError.badRequest }
        // An empty list is none at all: `DELETE …?ids=` deletes the collection (syncstorage-rs, BsoQueryParams).
        ids = list.isEmpty ? nil : list
      case "newer": newer = try Self.time(value)
      case "older": older = try Self.time(value)
      case "full": full = true
      case "limit":
        guard let count = UInt32(value) else { throw StorageError.badRequest }
        limit = Int(count)
      case "sort":
        guard let order = Sort(rawValue: value) else { throw StorageError.badRequest }
        sort = order
      case "offset": offset = value
      default: break
      }
    }
    guard let offset else { return }
    guard let bytes = Base64.decodeStandard(offset) else { throw StorageError.badRequest }
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":")
    guard parts.count == 2, let position = Int(parts[0]), position >= 0, parts[1] == fingerprint else {
      throw StorageError.badRequest
    }
    cursor = position
  }

  private static func time(_ text: String) throws -> SyncTime {
    guard let time = SyncTime(text) else { throw StorageError.badRequest }
    return time
  }

  private var fingerprint: String {
    let text = "\(sort.rawValue) \(newer?.description ?? "-") \(older?.description ?? "-") \(ids ?? [])"
    return Hex.encode(Derive.sha256(Array(text.utf8)).prefix(6))
  }

  /// `X-Weave-Next-Offset`: opaque, and of characters that must be percent-encoded in a query.
  func offset(at cursor: Int) -> String { Base64.standard("\(cursor):\(fingerprint)".utf8) }

  /// No page is larger than this.
  mutating func capLimit(_ most: Int?) {
    guard let most else { return }
    limit = min(limit ?? most, most)
  }
}
