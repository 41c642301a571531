import Foundation

/// One request on its way through the sandbox, and what the log shall say of it.
final class Exchange {
  let request: Request
  /// How the client authenticated, in the words of the request log.
  var auth: String
  var notes: [String] = []

  init(_ request: Request) {
    self.request = request
    let scheme = (request.header("authorization") ?? "").prefix { $0 != " " }.lowercased()
    auth = scheme.isEmpty ? "none" : ["bearer", "hawk", "browserid"].contains(scheme) ? scheme : "other"
  }

  func note(_ text: String) { notes.append(text) }
}
