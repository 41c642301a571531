import ArgumentParser
import LockwiseAccounts

/// How the sign-in in a browser goes, and how its end is noticed.
struct BrowserOptions: ParsableArguments {
  @Flag(help: "Sign in on the server's own page in a browser; the password is typed there only.")
  var browser = false

  @Flag(help: "Print the page's address, and do not open it.")
  var noBrowser = false

  @Flag(help: "Read the address of the last page, or the code in it, from the first line of standard input.")
  var answerStdin = false

  @Flag(help: "Find the last page in the history of the Firefox on this machine.")
  var watchFirefox = false

  @Option(
    help: ArgumentHelp(
      "Where the page leads (default: as registered for the client id). With http://127.0.0.1:PORT/PATH the response is received there.",
      valueName: "url"))
  var redirectURI: String?

  /// Whether one of them is given that needs --browser.
  private var isUsed: Bool { noBrowser || answerStdin || watchFirefox || redirectURI != nil }

  /// The redirect address on this machine, if it is one.
  var loopback: LoopbackAddress? { redirectURI.flatMap { LoopbackAddress($0) } }

  func validate() throws {
    if isUsed, !browser {
      throw ValidationError("--no-browser, --answer-stdin, --watch-firefox and --redirect-uri need --browser")
    }
    if answerStdin, watchFirefox { throw ValidationError("--answer-stdin and --watch-firefox cannot go together") }
    if let redirectURI {
      guard (try? WebAddress(redirectURI)) != nil || loopback != nil || redirectURI.hasPrefix("urn:") else {
        throw ValidationError("--redirect-uri is https, http://127.0.0.1:PORT/PATH, or a URN")
      }
      if loopback != nil, answerStdin || watchFirefox {
        throw ValidationError("a redirect to this machine needs neither --answer-stdin nor --watch-firefox")
      }
    }
  }
}
