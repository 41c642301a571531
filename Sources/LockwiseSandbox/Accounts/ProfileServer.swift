import Foundation

/// The profile server below `/profile/v1/`.
struct ProfileServer {
  let world: World

  func answer(_ exchange: Exchange, tail: [String]) -> Response {
    guard tail == ["v1", "profile"], exchange.request.method == "GET" else {
      exchange.note("unserved")
      return .json(["code": 404, "errno": 999, "error": "Not Found", "message": "Not Found"], status: 404)
    }
    guard let value = exchange.request.header("authorization"), value.hasPrefix("Bearer "),
      let access = world.accounts.accessToken(String(value.dropFirst(7)), now: world.clock.seconds),
      let account = world.accounts.accounts[access.account]
    else {
      exchange.note("rejected-bearer")
      return .json(
        ["code": 401, "errno": 100, "error": "Unauthorized", "message": "Unauthorized"], status: 401)
    }
    exchange.auth = "bearer-oauth"
    guard access.scopes.contains(where: { $0 == "profile" || $0.hasPrefix("profile:") }) else {
      return .json(["code": 403, "errno": 100, "error": "Forbidden", "message": "Forbidden"], status: 403)
    }
    var profile = Response.json([
      "uid": .string(account.uid), "email": .string(account.email), "locale": "en-US",
      "amrValues": ["pwd", "email"], "twoFactorAuthentication": .bool(account.totpSecret != nil),
      "avatar": .string("\(world.baseURL)/profile/avatar.png"), "avatarDefault": true,
    ])
    let tag = "\"\(Hex.encode(Derive.sha256(profile.body).prefix(16)))\""
    if exchange.request.header("if-none-match") == tag { profile = Response(status: 304) }
    profile.setHeader("ETag", tag)
    return profile
  }
}
