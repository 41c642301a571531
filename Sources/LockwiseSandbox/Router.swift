import Foundation

/// The router of requests to the servers, by path.
struct Router {
  let state: SandboxState

  /// Responds to a request.
  func response(to exchange: Exchange) -> Response {
    guard var path = exchange.request.segments else {
      exchange.addNote("unserved")
      return .text("invalid percent-encoding in the path", status: 400)
    }
    // Some clients send a double slash, after a base URL that ends in one.
    if path.count > 1, path.first == "" { path.removeFirst() }
    let first = path.first ?? ""
    let tail = Array(path.dropFirst())
    switch first {
    case ".well-known": return discovery(exchange, tail)
    case "auth": return AuthServer(state: state).response(to: exchange, tail: tail, oauthHost: false)
    case "authorization": return AuthorizationPage(state: state, exchange: exchange).response()
    // Firefox starts its sign-in at the root of the content server, with the parameters of OAuth.
    case "" where exchange.request.queryValue("client_id") != nil:
      return AuthorizationPage(state: state, exchange: exchange).response()
    case "oauth" where tail.first == "success": return AuthorizationPage.success(exchange)
    case "oauth": return AuthServer(state: state).response(to: exchange, tail: tail, oauthHost: true)
    case "profile": return ProfileServer(state: state).response(to: exchange, tail: tail)
    case "token": return TokenServer(state: state).response(to: exchange, tail: tail)
    case "complete_signin": return completeSignIn(exchange)
    case "__heartbeat__", "__lbheartbeat__", "__version__":
      if let status = SandboxVersion.healthCheck(first) { return status }
    case "1.5": if let uid = tail.first { return storage(exchange, uid: uid, tail: tail.dropFirst()) }
    case let node where node == "storage" || node.hasPrefix("storage-"):
      if tail.count >= 2, tail[0] == "1.5" { return storage(exchange, uid: tail[1], tail: tail.dropFirst(2)) }
    default: break
    }
    exchange.addNote("unserved")
    return .text("not found", status: 404)
  }

  private func storage(_ exchange: Exchange, uid: String, tail: ArraySlice<String>) -> Response {
    StorageServer(state: state).response(to: exchange, uid: uid, tail: Array(tail))
  }

  private func discovery(_ exchange: Exchange, _ tail: [String]) -> Response {
    let base = state.baseURL
    switch (exchange.request.method, tail) {
    case ("GET", ["fxa-client-configuration"]):
      return .json([
        "auth_server_base_url": .string(base + "/auth"), "oauth_server_base_url": .string(base + "/oauth"),
        "pairing_server_base_uri": .string(
          base.replacing("http", with: "ws", maxReplacements: 1) + "/pairing"),
        "profile_server_base_url": .string(base + "/profile"),
        "sync_tokenserver_base_url": .string(base + "/token"),
      ])
    case ("GET", ["openid-configuration"]):
      return .json([
        "authorization_endpoint": .string(base + "/authorization"),
        "introspection_endpoint": .string(base + "/oauth/v1/introspect"), "issuer": .string(base),
        "jwks_uri": .string(base + "/oauth/v1/jwks"),
        "revocation_endpoint": .string(base + "/oauth/v1/destroy"),
        "token_endpoint": .string(base + "/oauth/v1/token"),
        "userinfo_endpoint": .string(base + "/profile/v1/profile"),
        "response_types_supported": ["code", "token"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
      ])
    case ("GET", ["browserid"]) where state.switches.flag("accounts.browserid"):
      guard let key = try? state.certificateAuthority().publicKey() else { return Response(status: 500) }
      return .json([
        "public-key": key, "authentication": "/.well-known/browserid/nonexistent.html",
        "provisioning": "/.well-known/browserid/nonexistent.html",
      ])
    default:
      exchange.addNote("unserved")
      return .text("not found", status: 404)
    }
  }

  /// Responds to the link in a mail.
  private func completeSignIn(_ exchange: Exchange) -> Response {
    let request = exchange.request
    guard let uid = request.queryValue("uid"), let code = request.queryValue("code"),
      AuthCall(state: state, exchange: exchange, path: "").confirmLink(uid: uid, code: code)
    else { return .text("This link is no longer valid.\n", status: 400) }
    return .text("The sign-in is confirmed.\n")
  }
}
