import Foundation

/// A connection to Firefox's remote control, Marionette: JSON texts with their length in front over TCP (Firefox source
/// documentation, "Marionette Protocol").
final class Marionette {
  /// Firefox's report about a failed command.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let connection: LoopbackConnection
  private var received: [UInt8] = []
  private var lastID = 0

  /// Connects to a port of this machine.
  ///
  /// - Parameter timeout: the longest time of a response, in seconds.
  /// - Throws: `LoopbackConnection.Failure`, `Failure`.
  init(port: UInt16, timeout: Int = 90) throws {
    connection = try LoopbackConnection(port: port, timeout: timeout)
    guard let hello = try receive() as? [String: Any], hello["marionetteProtocol"] as? Int == 3 else {
      throw Failure(description: "Firefox speaks another version of Marionette")
    }
  }

  /// Sends a command and waits for its response.
  ///
  /// - Returns: the result, or its member `value` if that is the only one.
  /// - Throws: `Failure`.
  @discardableResult
  func send(_ command: String, _ parameters: [String: Any] = [:]) throws -> Any? {
    lastID += 1
    let text = try JSONSerialization.data(withJSONObject: [0, lastID, command, parameters])
    try connection.send(Array("\(text.count):".utf8) + text)
    guard let answer = try receive() as? [Any], answer.count == 4, answer[0] as? Int == 1, answer[1] as? Int == lastID
    else { throw Failure(description: "\(command): no proper answer") }
    if let error = answer[2] as? [String: Any] {
      throw Failure(description: "\(command): \(error["error"] ?? "") \(error["message"] ?? "")")
    }
    let result = answer[3] is NSNull ? nil : answer[3]
    guard let object = result as? [String: Any], object.count == 1, let value = object["value"] else { return result }
    return value is NSNull ? nil : value
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
      let bytes = try connection.receive()
      guard !bytes.isEmpty else { throw Failure(description: "Firefox is gone") }
      received += bytes
    }
  }
}
