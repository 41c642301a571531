import Foundation

/// Just enough of an HTTP client for the sandbox's control surface: one request a connection, to this machine.
struct ControlClient {
  let port: UInt16

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Sends a request and returns the body of an answer with status 200.
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

  /// The same, with a JSON answer.
  @discardableResult
  func json(_ method: String, _ path: String, _ body: Any? = nil) throws -> Any {
    try JSONSerialization.jsonObject(with: send(method, path, body), options: .fragmentsAllowed)
  }

  /// Posts a form.
  ///
  /// - Returns: the whole answer, head and body, whatever its status.
  func answer(_ method: String, _ path: String, form: String) throws -> String {
    let head = """
      \(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r
      Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n\r\n
      """
    return String(decoding: try exchange(Data((head + form).utf8)), as: UTF8.self)
  }

  private func exchange(_ request: Data) throws -> Data {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw problem("socket") }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw problem("connect") }
    var rest = Array(request)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw problem("send") }
      rest = rest.dropFirst(count)
    }
    var answer = Data()
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count >= 0 else { throw problem("recv") }
      if count == 0 { return answer }
      answer += chunk[..<count]
    }
  }

  private func problem(_ call: String) -> Failure {
    Failure(description: "\(call): \(String(cString: strerror(errno)))")
  }
}
