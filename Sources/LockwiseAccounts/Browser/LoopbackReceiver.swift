import Glibc
import LockwiseCore

/// Accepts the sign-in page's redirect on a port of this machine, only from the user's own browser.
public final class LoopbackReceiver {
  /// The address of the open port.
  public let address: LoopbackAddress
  private let server: LoopbackServer

  /// Opens the port on 127.0.0.1.
  ///
  /// - Parameters:
  ///   - address: the redirect address, with port 0 for any that is free.
  ///   - user: the user id whose browser may finish the sign-in.
  /// - Throws: `BrowserSignInError.portNotAvailable`, `.ownersUnknown`.
  public init(_ address: LoopbackAddress, user: uid_t = getuid()) throws(BrowserSignInError) {
    server = try LoopbackServer(port: address.port, user: user)
    self.address = address.opened(at: server.port)
  }

  /// Waits for the redirect.
  ///
  /// - Parameters:
  ///   - milliseconds: the longest wait.
  ///   - isOurs: whether a response belongs to this sign-in; others are refused, and the wait continues.
  ///   - pause: waits this many milliseconds or until the descriptor can be read; its errors end the wait.
  /// - Returns: the response; `nil` if none came in time.
  public func wait(
    timeout: Milliseconds, isOurs: (AuthorizationResponse) -> Bool,
    pause: (_ milliseconds: Int32, _ descriptor: Int32) throws -> Void
  ) throws -> AuthorizationResponse? {
    try server.serve(timeout: timeout, pause: pause) { request in
      let (page, answer) = RedirectPage.answer(to: request, at: address, isOurs: isOurs)
      return (page.response, answer)
    }
  }
}
