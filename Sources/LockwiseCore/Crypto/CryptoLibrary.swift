import COpenSSL

/// The library that does the cryptography.
public enum CryptoLibrary {
  /// Its name and version, for people.
  public static var version: String {
    // `OpenSSL 3.0.17 1 Jul 2025 (…)` (OpenSSL_version(3)).
    String(cString: OpenSSL_version(OPENSSL_VERSION)).split(separator: " ").prefix(2).joined(separator: " ")
  }
}
