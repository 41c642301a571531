import LockwiseCore

/// The selection that a secret is copied to (Inter-Client Communication Conventions Manual, "Selection Atoms").
enum ClipboardSelection: String {
  case clipboard
  case primary
  case secondary

  /// The selection that `PASSWORD_STORE_X_SELECTION` names, as xclip(1) reads it: by its first letters. Other values mean
  /// the clipboard.
  init(_ environment: Environment) {
    let name = (environment["PASSWORD_STORE_X_SELECTION"] ?? "").lowercased()
    self =
      [ClipboardSelection.primary, .secondary].first { !name.isEmpty && $0.rawValue.hasPrefix(name) } ?? .clipboard
  }

  /// The letter that OSC 52 has for it (xterm, "Control Sequences", "Manipulate Selection Data").
  var letter: Character {
    switch self {
    case .clipboard: "c"
    case .primary: "p"
    case .secondary: "s"
    }
  }
}
