import CLinux
import Glibc
import LockwiseCore

/// A minimal web server for one user's browser, on a port of this machine.
final class LoopbackServer {
  /// A browser's connection.
  private struct Connection {
    let descriptor: Int32
    var head = SecretBuilder(capacity: 4096)
    /// The time when it is closed (`Milliseconds.monotonic`).
    let deadline: Milliseconds
  }

  /// The port on 127.0.0.1.
  let port: UInt16
  private let listener: Int32
  private let user: uid_t
  private var connections: [Connection] = []
  private static let timeout: Milliseconds = 5000
  private static let connectionLimit = 32

  /// Opens a port on 127.0.0.1.
  ///
  /// - Parameters:
  ///   - port: 0 for any that is free.
  ///   - user: the user id whose processes get responses; every process on the machine can connect.
  /// - Throws: `BrowserSignInError.portNotAvailable`, `.ownersUnknown`.
  init(port: UInt16, user: uid_t) throws(BrowserSignInError) {
    guard LoopbackPeer.isKnown else { throw .ownersUnknown }
    let descriptor = socket(
      AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw .portNotAvailable }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isOpen = withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isOpen else {
      Glibc.close(descriptor)
      throw .portNotAvailable
    }
    listener = descriptor
    self.user = user
    self.port = UInt16(bigEndian: name.sin_port)
  }

  deinit {
    Glibc.close(listener)
    for connection in connections { Glibc.close(connection.descriptor) }
  }

  /// Answers requests until one ends the wait.
  ///
  /// - Parameters:
  ///   - timeout: the longest wait.
  ///   - pause: waits this many milliseconds or until the descriptor can be read; its errors end the wait.
  ///   - answer: handles a request of the user: returns the whole HTTP response, and a value that ends the wait.
  /// - Returns: the value that ended the wait; `nil` if none did in time.
  func serve<Result>(
    timeout: Milliseconds, pause: (_ milliseconds: Int32, _ descriptor: Int32) throws -> Void,
    answer: (RedirectRequest) -> (response: String, result: Result?)
  ) throws -> Result? {
    let end = Milliseconds.monotonic() + timeout
    while .monotonic() < end {
      try pause(Int32(clamping: min(end - .monotonic(), connections.isEmpty ? 1000 : 20).rawValue), listener)
      accept()
      var index = 0
      while index < connections.count {
        let count = connections.count
        if let result = serve(index, answer) { return result }
        // A connection with a response is closed.
        if connections.count == count { index += 1 }
      }
    }
    return nil
  }

  private func accept() {
    while connections.count < Self.connectionLimit {
      let descriptor = Glibc.accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      _ = lockwise_set_cloexec(descriptor, 1)
      connections.append(Connection(descriptor: descriptor, deadline: .monotonic() + Self.timeout))
      // At once, so that other users cannot occupy all places.
      if LoopbackPeer.owner(of: descriptor) != user {
        respond(connections.count - 1, RedirectPage.otherUser.response)
      }
    }
  }

  private func serve<Result>(
    _ index: Int, _ answer: (RedirectRequest) -> (response: String, result: Result?)
  ) -> Result? {
    switch read(index) {
    case .incomplete:
      if connections[index].deadline <= .monotonic() { close(at: index) }
      return nil
    case .refused:
      respond(index, RedirectPage.badRequest.response)
      return nil
    case .complete(let request):
      let (response, result) = answer(request)
      respond(index, response)
      return result
    }
  }

  /// Reads the available bytes without blocking other connections.
  private func read(_ index: Int) -> RedirectRequest.Progress {
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer {
      if let start = chunk.baseAddress { explicit_bzero(start, chunk.count) }
      chunk.deallocate()
    }
    while true {
      let descriptor = connections[index].descriptor
      let count = FileDescriptor.retrying { recv(descriptor, chunk.baseAddress, chunk.count, Int32(MSG_DONTWAIT)) }
      if count < 0, errno == EAGAIN { return .incomplete }
      guard count > 0 else { return .refused }
      connections[index].head.append(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
      let progress = connections[index].head.withUnsafeBytes { RedirectRequest.parse($0) }
      guard progress == .incomplete else { return progress }
    }
  }

  private func respond(_ index: Int, _ response: String) {
    var text = response
    text.withUTF8 {
      _ = send(
        connections[index].descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }
    shutdown(connections[index].descriptor, Int32(SHUT_WR))
    close(at: index)
  }

  private func close(at index: Int) { Glibc.close(connections.remove(at: index).descriptor) }
}
