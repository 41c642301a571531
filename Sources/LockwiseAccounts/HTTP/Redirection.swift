/// Redirects that are reported and not followed.
public enum Redirection {
  /// Returns the target of a redirect (RFC 9110 section 15.4): scheme, host, port and path, without the query.
  ///
  /// - Parameters:
  ///   - response: the response.
  ///   - url: the request's address, for a redirect that names only a path.
  /// - Returns: `nil` if it is not a redirect, or does not name a web address.
  public static func target(of response: HTTPResponse, from url: String) -> String? {
    guard [301, 302, 303, 307, 308].contains(response.status), let location = response.header("location") else {
      return nil
    }
    let isPath = location.hasPrefix("/") && !location.hasPrefix("//")
    guard let base = try? WebAddress(url), let whole = absolute(location, isPath: isPath, base) else { return nil }
    let end = whole.firstIndex { $0 == "?" || $0 == "#" } ?? whole.endIndex
    let text = String(whole[..<end])
    // An http address of another machine is never used, but has to be shown.
    guard (try? WebAddress(text)) != nil || isPlainHTTP(text) else { return nil }
    return text.utf8.count <= 200 ? text : String(decoding: text.utf8.prefix(200), as: UTF8.self) + "…"
  }

  private static func absolute(_ location: String, isPath: Bool, _ base: WebAddress) -> String? {
    if isPath { return base.origin + location }
    if location.hasPrefix("//") { return (base.isSecure ? "https:" : "http:") + location }
    return location.contains("://") ? location : nil
  }

  private static func isPlainHTTP(_ text: String) -> Bool {
    text.lowercased().hasPrefix("http://") && (try? WebAddress("https://" + text.dropFirst(7))) != nil
  }
}
