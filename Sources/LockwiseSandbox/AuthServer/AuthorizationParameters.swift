/// The parameters of an OAuth authorization request, checked as Mozilla's server does.
struct AuthorizationParameters {
  let client: OAuthClient
  let state: String
  let scopes: [String]
  let redirect: String
  let offline: Bool
  /// The code challenge (RFC 7636, method S256).
  let challenge: String?

  /// Checks the parameters of a request.
  ///
  /// - Parameters:
  ///   - call: the request.
  ///   - value: returns a parameter; nil if it is missing or not a text.
  /// - Throws: ``AuthError`` 107, 108, 162, 163, 167, 168, 169.
  init(_ call: AuthCall, _ value: (String) -> String?) throws {
    func required(_ name: String) throws -> String {
      guard let text = value(name) else { throw AuthError.missing(name) }
      guard !text.isEmpty else { throw AuthError.invalid(name) }
      return text
    }
    let id = try required("client_id")
    client = try call.knownClient(id)
    state = try required("state")
    guard state.utf8.count <= 512 else { throw AuthError.invalid("state") }
    guard value("response_type") ?? "code" == "code" else { throw AuthError(168) }
    scopes = try call.scopes(try required("scope"), for: client)
    redirect = value("redirect_uri") ?? client.redirectURIs(at: call.state.baseURL).first ?? ""
    guard redirect.utf8.count <= 256, client.allowsRedirect(redirect, at: call.state.baseURL) else {
      throw AuthError(167, extra: [("redirectUri", .string(redirect))])
    }
    offline = value("access_type") == "offline"
    challenge = value("code_challenge")
    if let challenge {
      guard value("code_challenge_method") == "S256", challenge.utf8.count == 43 else {
        throw AuthError.invalid("code_challenge")
      }
    } else if client.isPublic, call.switches.flag("oauth.require-pkce") {
      throw AuthError(169)
    }
  }

  /// Returns the redirect address with these parameters added to its query.
  func redirect(with parameters: [(name: String, value: String)]) -> String {
    let pairs = parameters.map { "\($0.name)=\(Form.encode($0.value))" }.joined(separator: "&")
    return redirect + (redirect.contains("?") ? "&" : "?") + pairs
  }
}
