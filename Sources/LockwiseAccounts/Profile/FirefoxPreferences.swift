import LockwiseCore

/// The settings of a profile (its `prefs.js`) with text values, and those that are on.
struct FirefoxPreferences {
  /// The file's name.
  static let file = "prefs.js"

  private let values: [String: String]
  private let switches: [String: Bool]

  /// Reads a text. Only lines in the form that Firefox writes are used: `user_pref("name", "value");`, or with `true` or
  /// `false` as the value.
  init(_ text: SecretBytes) {
    let lines = text.withUnsafeBytes { bytes in
      bytes.split { $0 == 0x0A || $0 == 0x0D }.map { String(decoding: $0, as: UTF8.self) }
    }
    var values: [String: String] = [:]
    var switches: [String: Bool] = [:]
    for line in lines {
      switch Self.parse(line) {
      case (let name, .text(let value))?: values[name] = value
      case (let name, .isOn(let isOn))?: switches[name] = isOn
      case nil: continue
      }
    }
    self.values = values
    self.switches = switches
  }

  /// The value of a setting; `nil` if it was never changed, or is empty.
  subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// Whether a setting is `true`.
  func isOn(_ name: String) -> Bool { switches[name] ?? false }

  private enum Value {
    case text(String)
    case isOn(Bool)
  }

  private static func parse(_ line: String) -> (name: String, value: Value)? {
    var rest = Substring(line)
    guard take("user_pref(", &rest), let name = string(&rest), take(", ", &rest), let value = value(&rest),
      take(");", &rest), rest.isEmpty
    else { return nil }
    return (name, value)
  }

  private static func value(_ rest: inout Substring) -> Value? {
    if take("true", &rest) { return .isOn(true) }
    if take("false", &rest) { return .isOn(false) }
    return string(&rest).map { .text($0) }
  }

  private static func take(_ text: String, _ rest: inout Substring) -> Bool {
    guard rest.hasPrefix(text) else { return false }
    rest.removeFirst(text.count)
    return true
  }

  /// A text in double quotes. Only escapes of one printable character are supported, which is enough for addresses.
  private static func string(_ rest: inout Substring) -> String? {
    guard rest.first == "\"" else { return nil }
    rest.removeFirst()
    var text = ""
    while let next = rest.popFirst() {
      switch next {
      case "\"": return text
      case "\\":
        guard let escaped = rest.popFirst(), "\"\\'".contains(escaped) else { return nil }
        text.append(escaped)
      default: text.append(next)
      }
    }
    return nil
  }
}
