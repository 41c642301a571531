import LockwiseCore

/// One object of a collection as the server keeps it (Sync storage API 1.5, "Basic Storage Object").
public struct BSO: Sendable {
  /// The id, 1 to 64 printable ASCII characters.
  public let id: String
  private let value: JSONValue
  private let payloadValue: JSONValue?
  /// The time of its last change; `nil` if the server does not report it.
  public let modified: Timestamp?
  /// The sort index that clients assigned; `nil` for none.
  public let sortIndex: Int64?

  /// The clients' content: JSON text, encrypted or not; `nil` if it is missing or not a string. Decoded again each
  /// time, so that a page of records does not fill the locked memory with ciphertext.
  public var payload: SecretBytes? { payloadValue?.secret }

  /// The whole object as the server wrote it.
  public var json: SecretBytes { value.raw }

  /// Reads one object of a response.
  ///
  /// - Returns: `nil` if it is not an object with an id.
  init?(json value: JSONValue) {
    guard let object = value.object, let id = object["id"]?.string, !id.isEmpty else { return nil }
    self.id = id
    self.value = value
    payloadValue = object["payload"]
    modified = object["modified"].flatMap { Timestamp(json: $0) }
    sortIndex = object["sortindex"]?.integer
  }
}

extension Timestamp {
  /// Reads decimal seconds from JSON, a number or (from old servers) a string.
  init?(json value: JSONValue) {
    guard let text = value.number ?? value.string else { return nil }
    self.init(text)
  }
}
