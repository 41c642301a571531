import Foundation

/// A request on its way through the sandbox, with the details that the request log records about it.
final class Exchange {
  let request: Request
  /// The method of authentication, as the request log names it.
  var auth: String
  /// Remarks for the request log.
  private(set) var notes: [String] = []

  /// Starts an exchange; the scheme of `Authorization` is the authentication until a server names it better.
  init(_ request: Request) {
    self.request = request
    let scheme = (request.header("authorization") ?? "").prefix { $0 != " " }.lowercased()
    auth = scheme.isEmpty ? "none" : ["bearer", "hawk", "browserid"].contains(scheme) ? scheme : "other"
  }

  /// Adds a remark to the request's line in the log.
  func addNote(_ text: String) { notes.append(text) }
}
