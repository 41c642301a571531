extension Run {
  /// The attributes in a credential helper's output, as git reads them.
  var attributes: [String: String] {
    var result: [String: String] = [:]
    for line in output.split(separator: "\n") {
      guard let separator = line.firstIndex(of: "=") else { continue }
      result[String(line[..<separator])] = String(line[line.index(after: separator)...])
    }
    return result
  }

  /// The password; nil without an answer.
  var password: String? { attributes["password"] }
  /// The user name; nil without an answer.
  var username: String? { attributes["username"] }
}
