/// The constants of Mozilla accounts' key derivations (onepw protocol).
enum Onepw {
  /// The prefix of every context string.
  static let namespace = "identity.mozilla.com/picl/v1/"
}
