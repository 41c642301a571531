import Foundation

extension CollectionQuery {
  /// Parses the query of a request.
  ///
  /// - Throws: ``StorageError`` 400 for an invalid parameter, or for an offset of another query.
  init(_ request: Request) throws {
    self.init()
    var offset: String?
    for (name, value) in request.query {
      switch name {
      case "ids":
        let list = value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        guard list.count <= 100, list.allSatisfy(StoredRecord.isValidID) else { throw StorageError.badRequest }
        // An empty list is ignored: `DELETE …?ids=` deletes the collection (syncstorage-rs, BsoQueryParams).
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

  /// A digest of the parameters that the pages of a query share.
  private var fingerprint: String {
    let text = "\(sort.rawValue) \(newer?.description ?? "-") \(older?.description ?? "-") \(ids ?? [])"
    return Hex.encode(Derive.sha256(Array(text.utf8)).prefix(6))
  }

  /// Returns `X-Weave-Next-Offset`: opaque, with characters that a query must percent-encode.
  func offset(at cursor: Int) -> String { Base64.standard("\(cursor):\(fingerprint)".utf8) }
}
