import LockwiseCore

/// Where a passphrase may be asked for.
public enum PromptScope: Equatable, Sendable {
  /// Nowhere.
  case nowhere
  /// In a window of pinentry only, not at the terminal.
  case window
  /// In a window of pinentry or at the terminal.
  case anywhere
}
