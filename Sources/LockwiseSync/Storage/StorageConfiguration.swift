import LockwiseCore

/// The server's limits (Sync storage API 1.5, info/configuration), with the defaults of Firefox for limits that an old
/// server does not report.
public struct StorageConfiguration: Equatable, Sendable, DocumentValue {
  /// The response as received, `{}` if the server has no such resource.
  public let json: SecretBytes
  /// The largest request body, bytes.
  let maxRequestBytes: Int64
  /// The most records in one POST.
  let maxPostRecords: Int64
  /// The most payload bytes in one POST.
  let maxPostBytes: Int64
  /// The largest payload, bytes.
  let maxRecordPayloadBytes: Int64
  /// The most records in a batch; `nil` if the server has no batches.
  let maxTotalRecords: Int64?
  /// The most payload bytes in a batch; `nil` if the server has no batches.
  let maxTotalBytes: Int64?

  /// The limits of a server without info/configuration.
  static let defaults = StorageConfiguration(object: JSONObject?.none, json: SecretBytes(utf8: "{}"))

  /// Reads the response of info/configuration; `nil` if it is not a JSON object.
  package init?(stored value: JSONValue) {
    guard let object = value.object else { return nil }
    self.init(object: object, json: value.raw)
  }

  private init(object: JSONObject?, json: SecretBytes) {
    func limit(_ name: String) -> Int64? {
      object?[name]?.integer.flatMap { $0 > 0 ? $0 : nil }
    }
    self.json = json
    maxRequestBytes = limit("max_request_bytes") ?? 260 * 1024
    maxPostRecords = limit("max_post_records") ?? 100
    maxPostBytes = limit("max_post_bytes") ?? maxRequestBytes
    maxRecordPayloadBytes = limit("max_record_payload_bytes") ?? 256 * 1024
    maxTotalRecords = limit("max_total_records")
    maxTotalBytes = limit("max_total_bytes")
  }
}
