import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// The response of an accounts server to one request without authorization.
struct AccountsServerState {
  /// Its address.
  let contentRoot: String
  /// The problem; `nil` if the server is reachable.
  let problem: Problem?
  /// The server's clock.
  let time: Milliseconds?

  /// Requests the server's discovery document.
  init(_ contentRoot: String, _ transport: any HTTPTransport) {
    self.contentRoot = contentRoot
    let url = contentRoot + "/.well-known/fxa-client-configuration"
    do {
      let response = try transport.send(HTTPRequest(method: "GET", url: url))
      problem = Self.problem(response, url, contentRoot)
      time = response.header("date").flatMap { HTTPDate.seconds($0) }.map { Milliseconds($0) }
    } catch {
      let shown = UserFacingError(error)
      problem = Problem(shown.message, shown.hints.first)
      time = nil
    }
  }

  /// A problem with a server.
  struct Problem {
    let text: String
    let hint: String?
    /// Whether sync cannot work then; else the other servers may work.
    let isFailure: Bool

    init(_ text: String, _ hint: String? = nil, isFailure: Bool = true) {
      (self.text, self.hint, self.isFailure) = (text, hint, isFailure)
    }
  }

  private static func problem(_ response: HTTPResponse, _ url: String, _ contentRoot: String) -> Problem? {
    if let target = Redirection.target(of: response, from: url) {
      return Problem(
        "\(contentRoot) redirects to \(target)", "if that is your server, sign in there: lockwise-sync login --server",
        isFailure: false)
    }
    switch response.status {
    case 200 where (try? JSONValue(parsing: response.body))?.object == nil:
      return Problem(
        "\(contentRoot) does not respond like an accounts server",
        "check for a proxy or a sign-in page between this machine and the server")
    // A server without discovery: the others were named at sign-in.
    case 200, 404: return nil
    case 429, 500...: return Problem("\(contentRoot) failed (HTTP \(response.status))", "try again later")
    default: return Problem("\(contentRoot) sent an unexpected response (HTTP \(response.status))", isFailure: false)
    }
  }
}
