import FlyingSocks
import Foundation

/// A socket pool that turns off Nagle's algorithm.
///
/// FlyingFox writes head and body of an answer one after the other; on a connection that is kept open the
/// body would wait for the client's delayed acknowledgement, 40 ms. Linux hands the option down from the
/// listening socket, which passes here when it waits for its first connection.
struct NoDelayPool<Base: AsyncSocketPool>: AsyncSocketPool {
  let base: Base

  func prepare() async throws { try await base.prepare() }

  func run() async throws { try await base.run() }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    if events == .connection {
      var on: Int32 = 1
      setsockopt(
        socket.file.rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    try await base.suspendSocket(socket, untilReadyFor: events)
  }
}
