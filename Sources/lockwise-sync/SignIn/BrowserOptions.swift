import ArgumentParser
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The options of the sign-in in a browser.
struct BrowserOptions: ParsableArguments {
  @Flag(help: "Sign in on the server's own page in a browser.")
  var browser = false

  @Flag(help: "Print the page's address instead of opening it.")
  var noBrowser = false

  @Flag(help: "Read the last page's address from standard input.")
  var answerStdin = false

  @Flag(help: "Find the last page in the history of Firefox.")
  var watchFirefox = false

  @Option(
    help: ArgumentHelp(
      "Redirect here after sign-in, such as http://127.0.0.1:PORT/PATH.",
      valueName: "url"))
  var redirectURI: String?

  /// Whether an option is given that requires --browser.
  private var isUsed: Bool { noBrowser || answerStdin || watchFirefox || redirectURI != nil }

  /// The redirect address if it is on this machine, else `nil`.
  var loopback: LoopbackAddress? { redirectURI.flatMap { LoopbackAddress($0) } }

  func validate() throws {
    if isUsed, !browser {
      throw ValidationError("--no-browser, --answer-stdin, --watch-firefox and --redirect-uri require --browser")
    }
    if answerStdin, watchFirefox { throw ValidationError("--answer-stdin and --watch-firefox cannot be combined") }
    if let redirectURI {
      guard (try? WebAddress(redirectURI)) != nil || loopback != nil || redirectURI.hasPrefix("urn:") else {
        throw ValidationError("--redirect-uri must be https, http://127.0.0.1:PORT/PATH or a URN")
      }
      if loopback != nil, answerStdin || watchFirefox {
        throw ValidationError(
          "--redirect-uri to this machine cannot be combined with --answer-stdin or --watch-firefox")
      }
    }
  }
}
