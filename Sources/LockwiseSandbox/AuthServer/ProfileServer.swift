import Foundation

/// The profile server below `/profile/v1/`.
struct ProfileServer {
  let state: SandboxState

  /// Responds to a request; `tail` is the path below the server's base.
  func response(to exchange: Exchange, tail: [String]) -> Response {
    guard tail == ["v1", "profile"], exchange.request.method == "GET" else {
      exchange.addNote("unserved")
      return .json(["code": 404, "errno": 999, "error": "Not Found", "message": "Not Found"], status: 404)
    }
    guard let value = exchange.request.header("authorization"), value.hasPrefix("Bearer "),
      let access = state.accounts.accessToken(String(value.dropFirst(7)), now: state.clock.seconds),
      let account = state.accounts.accounts[access.account]
    else {
      exchange.addNote("rejected-bearer")
      return .json(
        ["code": 401, "errno": 100, "error": "Unauthorized", "message": "Unauthorized"], status: 401)
    }
    exchange.auth = "bearer-oauth"
    guard var response = profile(of: account, for: access.scopes) else {
      return .json(["code": 403, "errno": 100, "error": "Forbidden", "message": "Forbidden"], status: 403)
    }
    let tag = "\"\(Hex.encode(Derive.sha256(response.body).prefix(16)))\""
    if exchange.request.header("if-none-match") == tag { response = Response(status: 304) }
    response.setHeader("ETag", tag)
    return response
  }

  /// Makes the response with the members that the scopes allow; nil if they allow none.
  private func profile(of account: Account, for scopes: [String]) -> Response? {
    func allows(_ part: String) -> Bool { scopes.contains("profile") || scopes.contains("profile:\(part)") }
    var members: [(String, JSON?)] = []
    if allows("uid") { members.append(("uid", .string(account.uid))) }
    if allows("email") { members.append(("email", .string(account.email))) }
    if scopes.contains("profile") {
      members += [
        ("locale", "en-US"), ("amrValues", ["pwd", "email"]),
        ("twoFactorAuthentication", .bool(account.totpSecret != nil)),
        ("avatar", .string("\(state.baseURL)/profile/avatar.png")), ("avatarDefault", true),
      ]
    }
    return members.isEmpty ? nil : .json(.present(members))
  }
}
