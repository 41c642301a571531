import Glibc

/// Accepts the sign-in page's redirect on a port of this machine, from the user's own browser alone.
public final class LoopbackReceiver {
  /// The address that is listened at.
  public let address: LoopbackAddress
  private let server: LoopbackServer

  /// Opens the port on 127.0.0.1.
  ///
  /// - Parameters:
  ///   - address: the redirect address, with port 0 for any that is free.
  ///   - user: whose browser may finish the sign-in.
  /// - Throws: `BrowserSignInError.portNotAvailable`, `.ownersUnknown`.
  public init(_ address: LoopbackAddress, user: uid_t = getuid()) throws(BrowserSignInError) {
    server = try LoopbackServer(port: address.port, user: user)
    self.address = address.opened(at: server.port)
  }

  /// Waits for the redirect.
  ///
  /// - Parameters:
  ///   - milliseconds: how long at most.
  ///   - isOurs: whether an answer belongs to this sign-in; others are refused, and the wait goes on.
  ///   - pause: waits so many milliseconds or until the descriptor can be read from; what it throws ends the wait.
  /// - Returns: the answer; `nil` if none came in time.
  public func wait(
    milliseconds: Int64, isOurs: (AuthorizationResponse) -> Bool,
    pause: (_ milliseconds: Int32, _ descriptor: Int32) throws -> Void
  ) throws -> AuthorizationResponse? {
    try server.serve(milliseconds: milliseconds, pause: pause) { request in
      let (page, answer) = RedirectPage.answer(to: request, at: address, isOurs: isOurs)
      return (page.response, answer)
    }
  }
}
