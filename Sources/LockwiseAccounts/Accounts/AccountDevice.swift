import LockwiseCore

/// A device record of an account, as its owner sees it in the account's settings.
public struct AccountDevice: Equatable, Sendable {
  /// The record's id, 32 hexadecimal digits.
  public let id: String
  /// The device's name.
  public let name: String
  /// The kind, such as `desktop` or `mobile`; empty if the server does not report it.
  public let type: String
  /// Whether it is the present device.
  public let isCurrent: Bool
  /// The time of its last request; `nil` if the server does not report it.
  public let lastAccess: Milliseconds?

  /// Reads one element of the response of GET /account/devices.
  ///
  /// - Throws: `AccountsError.missingField`.
  init(_ object: JSONObject) throws(AccountsError) {
    guard let id = try object.hex("id", count: 32, in: .devices).exposedText() else {
      throw .missingField("id", in: .devices)
    }
    self.id = id.lowercased()
    name = object["name"]?.string ?? ""
    type = object["type"]?.string ?? ""
    isCurrent = object["isCurrentDevice"]?.bool ?? false
    lastAccess = object["lastAccessTime"]?.wholeNumber.map { Milliseconds($0) }
  }
}
