import Glibc
import LockwiseCore

/// The parts of the Assuan protocol that pinentry uses (Assuan manual, "Server responses").
enum Assuan {
  /// A server's response to a command.
  enum Answer: Equatable {
    case ok(SecretBytes)
    case error(Int)
  }

  /// Percent-encodes characters that a command line must not contain.
  static func escape(_ text: String) -> String {
    PercentEncoding.encode(text.utf8) { $0 < 0x20 || $0 == UInt8(ascii: "%") || $0 == 0x7F }
  }

  /// Decodes the percent-encoding of a data line into `builder`.
  static func unescape(_ data: SecretBytes, into builder: inout SecretBuilder) {
    data.withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        if let byte = PercentEncoding.octet(in: bytes, at: position) {
          builder.append(byte)
          position += 3
        } else {
          builder.append(bytes[position])
          position += 1
        }
      }
    }
  }

  /// Reads a response up to its `OK` or `ERR`; `nil` if the server closed the connection.
  ///
  /// - Parameter descriptor: the server's output.
  static func readAnswer(from descriptor: Int32) -> Answer? {
    var data = SecretBuilder()
    while let line = readLine(from: descriptor) {
      let word = line[0..<min(3, line.count)].exposedText() ?? ""
      if word.hasPrefix("OK") { return .ok(data.finish()) }
      if word.hasPrefix("ERR") {
        let code = line.exposedText()?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return .error(code ?? 0)
      }
      if word.hasPrefix("D ") { unescape(line[2..<line.count], into: &data) }
    }
    return nil
  }

  private static func readLine(from descriptor: Int32) -> SecretBytes? {
    var builder = SecretBuilder()
    while builder.count < 8192 {
      var byte: UInt8 = 0
      let count = FileDescriptor.retrying { read(descriptor, &byte, 1) }
      guard count == 1 else { return nil }
      if byte == 0x0A { return builder.finish() }
      builder.append(byte)
    }
    return nil
  }
}
