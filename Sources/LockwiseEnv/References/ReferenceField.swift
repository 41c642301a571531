import LockwiseCore

/// The part of a login that a reference names.
enum ReferenceField: Equatable, Sendable {
  /// The password; empty if line 1 of the entry is empty.
  case password
  /// The user name, which may be empty.
  case username
  /// The address of the site.
  case url
  /// The current one-time code.
  case otp
  /// All notes.
  case notes
  /// The value of the first line `key: value` of the notes with this key, byte for byte.
  case line(key: String)

  /// The fields that are not lines of the notes.
  static let named: [ReferenceField] = [.password, .username, .url, .otp, .notes]

  /// Makes the field with a name.
  init(_ name: String) {
    self = Self.named.first { $0.name.isSameText(as: name) } ?? .line(key: name)
  }

  /// The name of the field in a reference, not encoded.
  var name: String {
    switch self {
    case .password: "password"
    case .username: "username"
    case .url: "url"
    case .otp: "otp"
    case .notes: "notes"
    case .line(let key): key
    }
  }

  /// Whether the value is hidden in the output of a command: everything but user name and address.
  var isConfidential: Bool { self != .username && self != .url }
}
