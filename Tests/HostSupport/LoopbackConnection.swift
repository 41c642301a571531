import Foundation

/// A TCP connection to a port of this machine.
final class LoopbackConnection {
  /// A system call that failed or timed out.
  struct Failure: Error, CustomStringConvertible {
    let description: String

    fileprivate init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
  }

  private let descriptor: Int32
  private var chunk = [UInt8](repeating: 0, count: 65536)

  /// Connects to a port.
  ///
  /// - Parameter timeout: the longest time to send or receive, in seconds.
  /// - Throws: `Failure`.
  init(port: UInt16, timeout: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failure("socket") }
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
    guard connected == 0 else { throw Failure("connect") }
  }

  deinit { close(descriptor) }

  /// Sends all bytes.
  ///
  /// - Throws: `Failure`.
  func send(_ bytes: some Sequence<UInt8>) throws {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw Failure("send") }
      rest = rest.dropFirst(count)
    }
  }

  /// Returns received bytes; empty if the other side has closed the connection.
  ///
  /// - Throws: `Failure`.
  func receive() throws -> ArraySlice<UInt8> {
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count >= 0 else { throw Failure("recv") }
    return chunk[..<count]
  }
}
