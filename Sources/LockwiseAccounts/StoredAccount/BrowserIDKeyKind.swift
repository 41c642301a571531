/// The key pairs that a sign-in with BrowserID can use. The raw values appear in the vault and on the command line.
public enum BrowserIDKeyKind: String, CaseIterable, Sendable {
  /// RSA, 2048 bits.
  case rsa
  /// DSA, 2048 and 256 bits.
  case dsa
  /// DSA, 1024 and 160 bits, with SHA-1, as in older versions of Firefox.
  case dsa1024 = "dsa-1024"
}
