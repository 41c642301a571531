import Foundation

/// The JSON of a login record, as a test writes it: members in order, each with its value as JSON text.
public struct LoginJSON: Sendable {
  private var members: [(name: String, json: String)] = []

  /// Makes a record with the members that are given.
  ///
  /// - Parameters:
  ///   - id: the GUID; `nil` leaves it out.
  ///   - realm: `httpRealm`; `nil` leaves it out, as for a login of a form.
  ///   - form: `formSubmitURL`; `nil` leaves it out.
  ///   - more: further members, their values as JSON text.
  public init(
    _ id: String? = nil, origin: String = "https://a.example", realm: String? = "r", form: String? = nil,
    username: String? = "u", password: String? = "p", more: KeyValuePairs<String, String> = [:]
  ) {
    let texts = [
      ("id", id), ("hostname", origin), ("formSubmitURL", form), ("httpRealm", realm), ("username", username),
      ("password", password),
    ]
    for (name, text) in texts {
      if let text { members.append((name, Self.quote(text))) }
    }
    for (name, json) in more { self[name] = json }
  }

  /// Makes a record with every member that Firefox writes, null ones among them, made and changed at `time`.
  ///
  /// - Parameter time: milliseconds since 1970.
  public static func whole(
    _ id: String, origin: String, realm: String?, form: String? = nil, username: String = "u", password: String = "p",
    time: Int64 = 1_700_000_000_000, more: KeyValuePairs<String, String> = [:]
  ) -> LoginJSON {
    var login = LoginJSON(id, origin: origin, realm: realm, form: form, username: username, password: password)
    if realm == nil { login["httpRealm"] = "null" }
    if form == nil { login["formSubmitURL"] = "null" }
    for name in ["usernameField", "passwordField"] { login[name] = "\"\"" }
    for name in ["timeCreated", "timePasswordChanged"] { login[name] = String(time) }
    for (name, json) in more { login[name] = json }
    return login
  }

  /// A member's value as JSON text; `nil` leaves the member out. A new member comes last.
  public subscript(name: String) -> String? {
    get { members.first { $0.name == name }?.json }
    set {
      guard let index = members.firstIndex(where: { $0.name == name }) else {
        if let newValue { members.append((name, newValue)) }
        return
      }
      if let newValue { members[index].json = newValue } else { members.remove(at: index) }
    }
  }

  /// The record's text.
  public var text: String {
    "{" + members.map { "\(Self.quote($0.name)):\($0.json)" }.joined(separator: ",") + "}"
  }

  /// The record for `JSONSerialization`; empty if a value is not JSON.
  public var object: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
  }

  /// A JSON string (RFC 8259, section 7).
  public static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case let scalar where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
