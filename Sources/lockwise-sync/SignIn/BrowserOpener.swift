import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// Opens an address in the user's browser.
struct BrowserOpener {
  let environment: Environment

  /// Whether there is a screen for a browser.
  var hasScreen: Bool { environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil }

  /// Opens an address with `BROWSER` if that is one program, else with xdg-open(1), which supports its other forms.
  ///
  /// The address appears in the program's arguments, where other users of the machine can see it, so it must be useless
  /// to them.
  ///
  /// - Returns: whether a program was started.
  func open(_ address: PrivateAddress) -> Bool {
    let named = environment["BROWSER"].flatMap { $0.contains { " %:".contains($0) } ? nil : $0 }
    do {
      try ChildProcess.launch(named ?? "xdg-open", [address.url], environment: environment)
      return true
    } catch {
      return false
    }
  }
}
