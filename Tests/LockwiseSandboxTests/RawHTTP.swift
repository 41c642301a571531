import Foundation

/// A client that sends exactly the given bytes on a new connection.
enum RawHTTP {
  struct Response: Sendable {
    var status: Int
    var headers: [String: String]
    var body: Data
    var text: String { String(decoding: body, as: UTF8.self) }
    func header(_ name: String) -> String? { headers[name.lowercased()] }
  }

  enum Failure: Error, Equatable {
    case connect
    /// The connection was closed before a status line.
    case noAnswer
    /// The body is shorter than announced.
    case truncated(Int)
  }

  static func send(
    port: UInt16, method: String, target: String, headers: [(String, String)] = [], body: Data? = nil
  ) async throws -> Response {
    var head = "\(method) \(target) HTTP/1.1\r\n"
    if !headers.contains(where: { $0.0 == "Host" }) { head += "Host: 127.0.0.1:\(port)\r\n" }
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    let message = Data((head + "Connection: close\r\n\r\n").utf8) + (body ?? Data())
    let received = try await exchange(port: port, message: message)
    return try parse(received)
  }

  /// Sends a request and reads the response to its end, on a thread that may block.
  static func exchange(port: UInt16, message: Data) async throws -> Data {
    try await withCheckedThrowingContinuation { continuation in
      // A dispatch queue would be slow to add threads while others are blocked.
      Thread.detachNewThread {
        continuation.resume(with: Result { try blockingExchange(port: port, message: message) })
      }
    }
  }

  private static func blockingExchange(port: UInt16, message: Data) throws -> Data {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Failure.connect }
    var sent = 0
    while sent < message.count {
      let count = message.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + sent, message.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { break }
      sent += count
    }
    var received = Data()
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return received }
      received.append(contentsOf: buffer[..<count])
    }
  }

  static func parse(_ received: Data) throws -> Response {
    guard let end = received.range(of: Data("\r\n\r\n".utf8)) else { throw Failure.noAnswer }
    let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
        in: .whitespaces)
    }
    let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
    let body = Data(received[end.upperBound...])
    if let length = headers["content-length"].flatMap(Int.init), body.count < length {
      throw Failure.truncated(body.count)
    }
    return Response(status: status, headers: headers, body: body)
  }
}
