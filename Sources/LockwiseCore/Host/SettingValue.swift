/// How the text of a setting is read, wherever it comes from.
enum SettingValue {
  /// Whether the text means yes: it is set and neither `0`, `no`, `off` nor `false`.
  static func isOn(_ text: String?) -> Bool {
    guard let text, !text.isEmpty else { return false }
    return !["0", "no", "off", "false"].contains(text.lowercased())
  }

  /// A whole number of seconds, at most `limit`; `nil` if the text holds none.
  static func seconds(_ text: String, limit: UInt32) -> UInt32? { UInt32(text).map { min($0, limit) } }
}
