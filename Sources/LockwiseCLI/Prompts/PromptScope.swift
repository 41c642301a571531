import LockwiseCore

/// Where a passphrase may be asked for.
public enum PromptScope: Equatable, Sendable {
  /// Nowhere.
  case nowhere
  /// Only in a pinentry window, not at the terminal.
  case window
  /// In a pinentry window or at the terminal.
  case anywhere
}
