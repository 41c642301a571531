/// A downloaded record that is not a valid login.
public struct SetAsideRecord: Equatable, Sendable {
  /// The record's id on the server.
  public let id: String
  /// The reason, without anything from the record.
  public let reason: String
  /// The server's modification time, hundredths of a second since 1970.
  let modified: Int64

  /// Makes an entry.
  public init(id: String, reason: String, modified: Int64) {
    self.id = id
    self.reason = reason
    self.modified = modified
  }
}

extension SetAsideRecord: ListRow {
  static let kind = ListKind.aside
  package var key: String { id }

  package init(_ codec: inout DocumentCodec, _ stored: SetAsideRecord?) throws {
    id = try codec.required("id", stored?.id)
    reason = try codec.required("reason", stored?.reason)
    modified = try codec.required("modified", stored?.modified)
  }
}
