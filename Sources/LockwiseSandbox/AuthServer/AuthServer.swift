import Foundation

/// The accounts server ("auth server") below `/auth/v1/`, and the OAuth host below `/oauth/v1/`.
struct AuthServer {
  let state: SandboxState

  /// Answers a request; `tail` is the path below the server's base, `v1` first.
  func answer(_ exchange: Exchange, tail: [String], oauthHost: Bool) -> Response {
    let path = tail.dropFirst().joined(separator: "/")
    let call = AuthCall(state: state, exchange: exchange, path: path)
    var response: Response
    do {
      guard tail.first == "v1" else { throw unserved(exchange) }
      let method = exchange.request.method
      if oauthHost {
        guard let answer = try call.oauthHost(method) else { throw unserved(exchange) }
        response = answer
      } else {
        guard
          let answer = try call.login(method) ?? call.sessionRoute(method) ?? call.accountRoute(method)
            ?? call.device(method) ?? call.oauth(method)
        else { throw unserved(exchange) }
        response = answer
      }
    } catch let refusal as AuthError {
      let error = oauthHost ? refusal.atOAuthHost : refusal
      exchange.note("errno \(error.errno)")
      response = .json(error.body, status: error.status)
      for header in error.headers { response.setHeader(header.name, header.value) }
    } catch {
      exchange.note("internal: \(error)")
      response = .json(AuthError(999).body, status: 500)
    }
    response.setHeader("Timestamp", String(state.clock.seconds))
    return response
  }

  private func unserved(_ exchange: Exchange) -> AuthError {
    exchange.note("unserved")
    return AuthError(116, status: 404)
  }
}
