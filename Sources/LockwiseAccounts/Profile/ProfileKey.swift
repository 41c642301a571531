import LockwiseCore

/// The keys that a profile's logins are encrypted with, decrypted.
package struct ProfileKey: Sendable {
  let keys: NSSKeys

  /// The keys as a text that `ProfileLogins.key(kept:)` reads. It neither contains the primary password nor helps to
  /// guess it.
  package var secret: SecretBytes { keys.text }
}
