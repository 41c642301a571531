import Foundation

/// A minimal HTTP client for the sandbox's control surface, with one request a connection.
struct ControlClient {
  let port: UInt16

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Sends a request and returns the body of a response with status 200.
  ///
  /// - Throws: `Failure`.
  @discardableResult
  func send(_ method: String, _ path: String, _ body: Any? = nil) throws -> Data {
    let content = try body.map { try JSONSerialization.data(withJSONObject: $0, options: .fragmentsAllowed) } ?? Data()
    let head = """
      \(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r
      Content-Type: application/json\r\nContent-Length: \(content.count)\r\n\r\n
      """
    let answer = try exchange(Data(head.utf8) + content)
    guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else {
      throw Failure(description: "\(method) \(path): no answer")
    }
    let status = String(decoding: answer[..<end.lowerBound], as: UTF8.self).split(separator: " ").dropFirst().first
    let received = Data(answer[end.upperBound...])
    guard status == "200" else {
      throw Failure(
        description: "\(method) \(path): \(status ?? "?") \(String(decoding: received, as: UTF8.self))")
    }
    return received
  }

  /// Sends a request and returns the JSON response.
  @discardableResult
  func json(_ method: String, _ path: String, _ body: Any? = nil) throws -> Any {
    try JSONSerialization.jsonObject(with: send(method, path, body), options: .fragmentsAllowed)
  }

  /// Posts a form.
  ///
  /// - Returns: the head and body of the response, whatever its status.
  func answer(_ method: String, _ path: String, form: String) throws -> String {
    let head = """
      \(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r
      Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n\r\n
      """
    return String(decoding: try exchange(Data((head + form).utf8)), as: UTF8.self)
  }

  private func exchange(_ request: Data) throws -> Data {
    let connection = try LoopbackConnection(port: port, timeout: 60)
    try connection.send(request)
    var answer = Data()
    while true {
      let bytes = try connection.receive()
      if bytes.isEmpty { return answer }
      answer += bytes
    }
  }
}
