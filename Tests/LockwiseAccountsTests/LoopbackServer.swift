import Glibc
import Synchronization

/// A small HTTP server on 127.0.0.1 that responds with any bytes.
final class LoopbackServer: Sendable {
  /// The response to a request.
  enum Reply: Sendable {
    /// Sends bytes and waits for the next request on the connection.
    case keep(String)
    /// Sends bytes and closes.
    case close(String)
    /// Sends bytes that are not text, and closes.
    case closeBytes([UInt8])
    /// Sends bytes and then nothing more, until the peer has gone.
    case hang(String)
  }

  private struct Record {
    var requests: [String] = []
    var connections = 0
  }

  let port: UInt16
  private let listener: Int32
  private let answer: @Sendable (String) -> Reply
  private let record = Mutex(Record())

  /// Starts to listen on a free port.
  init(_ answer: @escaping @Sendable (String) -> Reply) throws {
    self.answer = answer
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && listen(socket, 8) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    guard bound else { throw ServerError() }
    port = UInt16(bigEndian: address.sin_port)
    Self.inThread { self.run() }
  }

  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func inThread(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, Unmanaged.passRetained(Work(body)).toOpaque())
    pthread_detach(thread)
  }

  struct ServerError: Error {}

  var url: String { "http://127.0.0.1:\(port)" }

  /// The head and body of each request so far, as received.
  var requests: [String] { record.withLock { $0.requests } }

  /// The number of connections so far.
  var connections: Int { record.withLock { $0.connections } }

  /// Stops listening, which ends the thread.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func run() {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      record.withLock { $0.connections += 1 }
      Self.inThread {
        self.serve(connection)
        close(connection)
      }
    }
    close(listener)
  }

  private func serve(_ connection: Int32) {
    while let request = read(connection) {
      record.withLock { $0.requests.append(request) }
      switch answer(request) {
      case .keep(let text): write(text, to: connection)
      case .close(let text):
        write(text, to: connection)
        return
      case .closeBytes(let bytes):
        write(bytes, to: connection)
        return
      case .hang(let text):
        write(text, to: connection)
        _ = read(connection)
        return
      }
    }
  }

  private func read(_ connection: Int32) -> String? {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      if let end = text.range("\r\n\r\n") {
        let head = text[..<end.upperBound]
        let lines = head.split(separator: "\r\n")
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
          .flatMap { Int($0.split(separator: " ").last ?? "") }
        if text[end.upperBound...].utf8.count >= length ?? 0 { return text }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  private func write(_ text: String, to connection: Int32) { write(Array(text.utf8), to: connection) }

  private func write(_ whole: [UInt8], to connection: Int32) {
    var bytes = whole[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}

extension String {
  /// Returns the first position of `part`, compared by bytes because "\r\n" is one Character.
  fileprivate func range(_ part: String) -> Range<String.Index>? {
    let needle = Array(part.utf8)
    let bytes = Array(utf8)
    guard bytes.count >= needle.count else { return nil }
    for start in 0...(bytes.count - needle.count) where bytes[start..<start + needle.count] == needle[...] {
      let lower = utf8.index(utf8.startIndex, offsetBy: start)
      return lower..<utf8.index(lower, offsetBy: needle.count)
    }
    return nil
  }
}
