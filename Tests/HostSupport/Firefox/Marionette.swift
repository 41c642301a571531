import Foundation

/// A connection to Firefox's remote control, Marionette: JSON texts with their length in front over TCP
/// (Firefox source documentation, "Marionette Protocol").
final class Marionette {
  /// What Firefox says about a command that failed.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let descriptor: Int32
  private var received: [UInt8] = []
  private var lastID = 0

  /// Connects to a port of this machine.
  ///
  /// - Parameter timeout: how long an answer may take, seconds.
  /// - Throws: `Failure`.
  init(port: UInt16, timeout: Int = 90) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var limit = timeval(tv_sec: timeout, tv_usec: 0)
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
    guard connected == 0 else { throw Self.problem("connect") }
    guard let hello = try receive() as? [String: Any], hello["marionetteProtocol"] as? Int == 3 else {
      throw Failure(description: "Firefox speaks another version of Marionette")
    }
  }

  deinit { close(descriptor) }

  /// Sends a command and waits for its answer.
  ///
  /// - Returns: the result; of a result that is an object of the one member `value`, that.
  /// - Throws: `Failure`.
  @discardableResult
  func send(_ command: String, _ parameters: [String: Any] = [:]) throws -> Any? {
    lastID += 1
    let text = try JSONSerialization.data(withJSONObject: [0, lastID, command, parameters])
    try write(Array("\(text.count):".utf8) + text)
    guard let answer = try receive() as? [Any], answer.count == 4, answer[0] as? Int == 1, answer[1] as? Int == lastID
    else { throw Failure(description: "\(command): no proper answer") }
    if let error = answer[2] as? [String: Any] {
      throw Failure(description: "\(command): \(error["error"] ?? "") \(error["message"] ?? "")")
    }
    let result = answer[3] is NSNull ? nil : answer[3]
    guard let object = result as? [String: Any], object.count == 1, let value = object["value"] else { return result }
    return value is NSNull ? nil : value
  }

  private func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw Self.problem("send") }
      rest = rest.dropFirst(count)
    }
  }

  private func receive() throws -> Any {
    var length: Int?
    while true {
      if length == nil, let colon = received.firstIndex(of: UInt8(ascii: ":")) {
        length = Int(String(decoding: received[..<colon], as: UTF8.self))
        guard length != nil else { throw Failure(description: "a message without its length") }
        received.removeFirst(colon + 1)
      }
      if let length, received.count >= length {
        defer { received.removeFirst(length) }
        return try JSONSerialization.jsonObject(with: Data(received[..<length]))
      }
      var chunk = [UInt8](repeating: 0, count: 65536)
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { throw count == 0 ? Failure(description: "Firefox is gone") : Self.problem("recv") }
      received += chunk[..<count]
    }
  }

  private static func problem(_ call: String) -> Failure {
    Failure(description: "\(call): \(String(cString: strerror(errno)))")
  }
}
