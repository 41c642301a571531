import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The target of a redirect, as it is shown to the user.
@Suite struct RedirectionTests {
  private func target(_ status: Int, _ location: String?, from url: String = "https://a.example:8443/x?y=1") -> String?
  {
    let headers = location.map { [(name: "location", value: $0)] } ?? []
    return Redirection.target(
      of: HTTPResponse(status: status, headers: headers, body: SecretBytes(utf8: "")), from: url)
  }

  @Test(
    arguments: [
      ("https://b.example/p", "https://b.example/p"), ("https://b.example/p?token=1#f", "https://b.example/p"),
      ("/p?token=1", "https://a.example:8443/p"), ("//b.example/p", "https://b.example/p"),
      ("http://b.example/p", "http://b.example/p"), ("https://u:p@b.example/", nil), ("http://u:p@b.example/", nil),
      ("p", nil), ("", nil), ("data:text/html,x", nil), ("https://b.example/\u{1B}[31m", nil),
      ("ftp://b.example/", nil),
    ] as [(String, String?)])
  func showsSchemeHostPortAndPath(location: String, shown: String?) { #expect(target(302, location) == shown) }

  @Test func acceptsOnlyRedirectStatuses() {
    for status in [301, 302, 303, 307, 308] { #expect(target(status, "https://b.example/") != nil, "\(status)") }
    for status in [200, 300, 304, 400, 401, 500] { #expect(target(status, "https://b.example/") == nil, "\(status)") }
    #expect(target(302, nil) == nil)
  }

  @Test func cutsALongAddress() {
    let shown = target(302, "https://b.example/" + String(repeating: "a", count: 1000))
    #expect(shown?.utf8.count == 203 && shown?.hasSuffix("…") == true)
  }
}
