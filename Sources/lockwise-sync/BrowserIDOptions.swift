import ArgumentParser
import LockwiseAccounts

/// The sign-in of servers that know no OAuth.
struct BrowserIDOptions: ParsableArguments {
  @Flag(
    name: .customLong("browserid"),
    help: "For a server of your own from before 2024 that supports BrowserID only: the vault keeps the session.")
  var isUsed = false

  @Option(
    name: .customLong("browserid-key"),
    help: ArgumentHelp(
      "The keys to sign with: \(BrowserIDKeyKind.allCases.map(\.rawValue).joined(separator: ", ")) (default: rsa).",
      valueName: "kind"))
  var kind: BrowserIDKeyKind?

  /// The keys to sign with; `nil` for the sign-in with OAuth.
  var key: BrowserIDKeyKind? { isUsed ? kind ?? .rsa : nil }

  func validate() throws {
    if kind != nil, !isUsed { throw ValidationError("--browserid-key needs --browserid") }
  }
}

extension BrowserIDKeyKind: ExpressibleByArgument {}
