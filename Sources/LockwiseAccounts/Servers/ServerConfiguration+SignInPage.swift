import LockwiseCore

extension ServerConfiguration {
  /// Asks the content server where its sign-in page is (GET /.well-known/openid-configuration, OpenID Connect Discovery
  /// section 4).
  ///
  /// - Returns: the page's address, which is at the content server itself.
  /// - Throws: `AccountsError.noDiscovery`, `.missingField`; `BrowserSignInError.foreignPage`; `HTTPError`.
  func signInPage(transport: any HTTPTransport) throws -> String {
    let response = try transport.send(
      HTTPRequest(
        method: "GET", url: contentRoot + "/.well-known/openid-configuration",
        headers: [("Accept", SecretBytes(utf8: "application/json"))]))
    guard response.status == 200, let object = (try? JSONValue(parsing: response.body))?.object else {
      throw AccountsError.noDiscovery(status: response.status)
    }
    guard let text = object["authorization_endpoint"]?.string, !text.isEmpty else {
      throw AccountsError.missingField("authorization_endpoint", in: .discovery)
    }
    let page = try WebAddress(text)
    let root = try WebAddress(contentRoot)
    // People type their password there.
    guard page.isSecure == root.isSecure, page.host == root.host, page.port == root.port else {
      throw BrowserSignInError.foreignPage
    }
    return text
  }
}
