/// The constants of Mozilla accounts' key derivations (onepw protocol).
enum Onepw {
  /// What every context string begins with.
  static let namespace = "identity.mozilla.com/picl/v1/"
}
