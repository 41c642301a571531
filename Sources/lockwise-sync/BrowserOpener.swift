import LockwiseCore

/// Opens an address in the person's browser.
struct BrowserOpener {
  let environment: Environment

  /// Opens an address where there is a screen: with `BROWSER` if that is one program, else with xdg-open(1), which knows
  /// its other forms.
  ///
  /// The address goes into the program's arguments, where other users of the machine see it. It holds the state and the
  /// challenge, with which nobody can redeem the code: verifier and private key stay in this process.
  ///
  /// - Returns: whether a program was started.
  func open(_ address: String) -> Bool {
    guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else { return false }
    let named = environment["BROWSER"].flatMap { $0.contains { " %:".contains($0) } ? nil : $0 }
    do {
      try ChildProcess.launch(named ?? "xdg-open", [address], environment: environment)
      return true
    } catch {
      return false
    }
  }
}
