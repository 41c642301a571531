extension Run {
  /// The values of a credential helper's answer by their names, as git reads them.
  var attributes: [String: String] {
    var result: [String: String] = [:]
    for line in output.split(separator: "\n") {
      guard let separator = line.firstIndex(of: "=") else { continue }
      result[String(line[..<separator])] = String(line[line.index(after: separator)...])
    }
    return result
  }

  /// The answer's password; `nil` for no answer.
  var password: String? { attributes["password"] }
  /// The answer's user name; `nil` for no answer.
  var username: String? { attributes["username"] }
}
