import LockwiseCore

/// What a vault is unlocked for, as prompts name it: the program that asks, and the host or entry that it asks for.
public struct UnlockPurpose: Equatable, Sendable {
  /// A clause without a full stop: `git asks for https://github.com`.
  public let text: String

  /// Makes a purpose.
  public init(_ text: String) { self.text = text }

  /// Returns the prompt for the vault's passphrase.
  ///
  /// - Parameter directory: the vault's directory.
  func question(vaultIn directory: String) -> PassphraseQuestion {
    PassphraseQuestion(
      title: "Lockwise: \(directory)", description: "\(text). Passphrase of the vault:",
      line: "Enter passphrase for key 'lockwise vault (\(text))': ")
  }
}
