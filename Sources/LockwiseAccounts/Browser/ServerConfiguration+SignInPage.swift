import LockwiseCore

extension ServerConfiguration {
  /// Asks the content server where its sign-in page is (GET /.well-known/openid-configuration, OpenID Connect Discovery
  /// section 4). One that does not say has it where Mozilla's own is.
  ///
  /// - Returns: the page's address, which is at the content server itself.
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
    // People type their password there.
    guard page.isSecure == root.isSecure, page.host == root.host, page.port == root.port else {
      throw BrowserSignInError.foreignPage
    }
    return text
  }
}
