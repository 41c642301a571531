import ArgumentParser
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The options of the sign-in with BrowserID, for servers without OAuth.
struct BrowserIDOptions: ParsableArguments {
  @Flag(
    name: .customLong("browserid"),
    help: "Sign in to your own server from before 2024.")
  var isUsed = false

  @Option(
    name: .customLong("browserid-key"),
    help: ArgumentHelp(
      "The kind of key: \(BrowserIDKeyKind.allCases.map(\.rawValue).joined(separator: ", ")) (default: rsa).",
      valueName: "kind"))
  var kind: BrowserIDKeyKind?

  /// The keys to sign with; `nil` for the sign-in with OAuth.
  var key: BrowserIDKeyKind? { isUsed ? kind ?? .rsa : nil }

  func validate() throws {
    if kind != nil, !isUsed { throw ValidationError("--browserid-key requires --browserid") }
  }
}

extension BrowserIDKeyKind: ExpressibleByArgument {}
