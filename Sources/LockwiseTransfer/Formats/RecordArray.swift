import LockwiseCore

/// The records of a vault as a JSON array, as `lockwise-sync export --format json` writes it.
enum RecordArray {
  /// Reads an array. A record without an id gets one from `random`.
  ///
  /// - Throws: `TransferError.notInFormat`; `CryptoError.unavailable`.
  static func items(_ text: SecretBytes, random: some RandomSource) throws -> [ParsedItem] {
    guard let values = (try? JSONValue(parsing: text))?.array else {
      throw TransferError.notInFormat(.json, reason: "it is not a JSON array")
    }
    return try values.enumerated().map { index, value in
      let location = ItemLocation.item(index + 1)
      guard let object = value.object else { return .refused(ItemRefusal(location, .malformed)) }
      let guid = try object["id"].map { $0.string ?? "" } ?? LoginGUID.make(random)
      do {
        return .record(try LoginEditor.record(value.raw, guid: guid), location)
      } catch let error as LoginRecordError {
        return .refused(ItemRefusal(location, name: object["hostname"]?.string ?? "", .invalid(error)))
      }
    }
  }
}
