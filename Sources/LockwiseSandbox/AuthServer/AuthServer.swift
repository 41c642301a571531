import Foundation

/// The accounts server ("auth server") below `/auth/v1/`, and the OAuth host below `/oauth/v1/`.
struct AuthServer {
  let state: SandboxState

  /// Responds to a request; `tail` is the path below the server's base, starting with `v1`.
  func response(to exchange: Exchange, tail: [String], oauthHost: Bool) -> Response {
    let path = tail.dropFirst().joined(separator: "/")
    let call = AuthCall(state: state, exchange: exchange, path: path)
    var response: Response
    do {
      guard tail.first == "v1" else { throw unserved(exchange) }
      let method = exchange.request.method
      if oauthHost {
        guard let result = try call.oauthHost(method) else { throw unserved(exchange) }
        response = result
      } else {
        guard
          let result = try call.login(method) ?? call.sessionRoute(method) ?? call.accountRoute(method)
            ?? call.device(method) ?? call.oauth(method)
        else { throw unserved(exchange) }
        response = result
      }
    } catch let thrown as AuthError {
      let error = oauthHost ? thrown.atOAuthHost : thrown
      exchange.addNote("errno \(error.errno)")
      response = .json(error.body, status: error.status)
      for header in error.headers { response.setHeader(header.name, header.value) }
    } catch {
      exchange.addNote("internal: \(error)")
      response = .json(AuthError(999).body, status: 500)
    }
    response.setHeader("Timestamp", String(state.clock.seconds))
    return response
  }

  private func unserved(_ exchange: Exchange) -> AuthError {
    exchange.addNote("unserved")
    return AuthError(116, status: 404)
  }
}
