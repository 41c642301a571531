import CLinux
import Glibc
import LockwiseCore

/// An address of this machine that redirects only the user's own browser to another address.
///
/// A browser is started with an address in its arguments, which every user of the machine can see. This one is safe: it
/// has an unguessable path, and only processes of the user get a response.
public final class PrivateAddress {
  /// The address that the browser is started with, such as `http://127.0.0.1:41234/0f…`.
  public let url: String
  private let service: Service
  private var thread = pthread_t()

  /// Opens a port and serves it from its own thread until the value is deallocated.
  ///
  /// - Parameters:
  ///   - target: the address that the browser is redirected to.
  ///   - random: the source of the path.
  ///   - user: the user id whose browser is redirected.
  /// - Throws: `BrowserSignInError.portNotAvailable`, `.ownersUnknown`; `CryptoError`.
  public init(
    leadingTo target: String, random: some RandomSource = SystemRandom(), user: uid_t = getuid()
  ) throws {
    let path = "/" + Hex.encode(try random.bytes(16))
    let server = try LoopbackServer(port: 0, user: user)
    guard let address = LoopbackAddress("http://127.0.0.1\(path)")?.opened(at: server.port) else {
      throw BrowserSignInError.portNotAvailable
    }
    url = address.uri
    service = try Service(server, at: address, leadingTo: target)
    let argument = Unmanaged.passRetained(service)
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Service>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, argument.toOpaque())
    guard status == 0 else {
      argument.release()
      throw BrowserSignInError.portNotAvailable
    }
  }

  deinit {
    service.stop()
    pthread_join(thread, nil)
  }

  /// The state of the thread.
  private final class Service {
    private struct Stopped: Error {}

    private let server: LoopbackServer
    private let address: LoopbackAddress
    private let response: String
    private let stopping: (read: Int32, write: Int32)

    init(_ server: LoopbackServer, at address: LoopbackAddress, leadingTo target: String) throws(BrowserSignInError) {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw .portNotAvailable }
      for end in ends { _ = lockwise_set_cloexec(end, 1) }
      stopping = (ends[0], ends[1])
      self.server = server
      self.address = address
      response = [
        "HTTP/1.1 303 See Other", "Location: \(target)", "Content-Length: 0", "Cache-Control: no-store",
        "Referrer-Policy: no-referrer", "Connection: close", "", "",
      ].joined(separator: "\r\n")
    }

    deinit {
      close(stopping.read)
      close(stopping.write)
    }

    func stop() {
      var byte: UInt8 = 0
      _ = write(stopping.write, &byte, 1)
    }

    func run() {
      // Signals belong to the thread that waits for the user.
      var all = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_BLOCK, &all, nil)
      // It ends when it is stopped.
      _ = try? server.serve(timeout: .max, pause: wait) { request -> (String, Void?) in
        let isRight = address.isNamed(by: request.host) && request.path == address.path && request.method == "GET"
        return (isRight ? response : RedirectPage.notFound.response, nil)
      }
    }

    private func wait(milliseconds: Int32, listener: Int32) throws {
      var events = [listener, stopping.read].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      poll(&events, 2, milliseconds)
      if events[1].revents != 0 { throw Stopped() }
    }
  }
}
