/// The pages that the browser shows at the loopback address.
enum RedirectPage: Equatable {
  case done
  case declined
  case badRequest
  case otherSignIn
  case otherHost
  case otherMethod
  case otherUser
  case notFound

  /// Handles a request.
  ///
  /// - Parameters:
  ///   - address: the address that received it.
  ///   - isOurs: whether a response belongs to this sign-in.
  /// - Returns: the page, with the response if it ends the wait.
  static func answer(
    to request: RedirectRequest, at address: LoopbackAddress, isOurs: (AuthorizationResponse) -> Bool
  ) -> (RedirectPage, AuthorizationResponse?) {
    guard address.isNamed(by: request.host) else { return (.otherHost, nil) }
    guard request.path == address.path else { return (.notFound, nil) }
    guard request.method == "GET" else { return (.otherMethod, nil) }
    guard let response = try? AuthorizationResponse(query: request.query) else { return (.badRequest, nil) }
    // Any page can send the browser here. One that does not have the state must not end the sign-in.
    guard isOurs(response) else { return (.otherSignIn, nil) }
    if case .declined = response { return (.declined, response) }
    return (.done, response)
  }

  private var status: String {
    switch self {
    case .done, .declined: "200 OK"
    case .badRequest, .otherSignIn: "400 Bad Request"
    case .otherHost: "421 Misdirected Request"
    case .otherMethod: "405 Method Not Allowed"
    case .otherUser: "403 Forbidden"
    case .notFound: "404 Not Found"
    }
  }

  private var text: String {
    switch self {
    case .done: "You can close this window and go back to the terminal."
    case .declined: "The sign-in was not completed. You can close this window and go back to the terminal."
    case .otherSignIn: "This answer belongs to another sign-in."
    case .otherUser: "Only the user who started the sign-in can finish it."
    case .badRequest, .otherHost, .otherMethod, .notFound: "Nothing is served here."
    }
  }

  /// The whole HTTP response.
  var response: String {
    let body =
      "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Lockwise</title></head>"
      + "<body><p>\(text)</p></body></html>\n"
    return [
      "HTTP/1.1 \(status)", "Content-Type: text/html; charset=utf-8", "Content-Length: \(body.utf8.count)",
      "Cache-Control: no-store", "Referrer-Policy: no-referrer",
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'", "X-Content-Type-Options: nosniff",
      "Connection: close", "", body,
    ].joined(separator: "\r\n")
  }
}
