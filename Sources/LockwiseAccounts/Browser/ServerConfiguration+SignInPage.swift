import LockwiseCore

extension ServerConfiguration {
  /// Fetches the address of the content server's sign-in page (GET /.well-known/openid-configuration, OpenID Connect
  /// Discovery section 4). A server that does not name one has it at the same path as Mozilla's.
  ///
  /// - Returns: the page's address, which is on the content server itself.
  /// - Throws: `BrowserSignInError.foreignPage`; `HTTPError`.
  func signInPage(transport: any HTTPTransport) throws -> String {
    let usual = contentRoot + "/authorization"
    let found: Discovery.Document
    do {
      found = try Discovery(transport: transport).document("/.well-known/openid-configuration", at: contentRoot)
    } catch let error where Self.mayBeReplaced(error) {
      return usual
    }
    guard let text = found.object["authorization_endpoint"]?.string, !text.isEmpty else { return usual }
    let page = try WebAddress(text)
    let root = try WebAddress(contentRoot)
    // Users type their password there.
    guard page.isSecure == root.isSecure, page.host == root.host, page.port == root.port else {
      throw BrowserSignInError.foreignPage
    }
    return text
  }
}
