/// The places where the user may be asked for a passphrase.
public enum PromptScope: Equatable, Sendable {
  /// Nowhere.
  case nowhere
  /// Only in a pinentry window, not at the terminal.
  case window
  /// In a pinentry window or at the terminal.
  case anywhere
}
