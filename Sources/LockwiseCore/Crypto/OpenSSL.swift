import COpenSSL

/// The set-up of libcrypto, once per process.
enum OpenSSL {
  /// The size of the locked memory for `SecretBytes` in bytes: enough for keys, tokens and a few records. Secrets that
  /// do not fit are in ordinary memory, which is wiped as well.
  private static let secureHeapSize = 128 * 1024

  /// The share of `SecretBytes` in bytes. libcrypto needs the rest: its random generator allocates its state there and
  /// fails without room (RAND_bytes(3), rand_pool).
  static let secureHeapShare = secureHeapSize / 2

  private static let initialized: Bool = {
    guard lockwise_openssl_init() == 1 else { return false }
    // 0 = failed, 1 = locked, 2 = usable but not locked or without guard pages (OPENSSL_secure_malloc(3)).
    return CRYPTO_secure_malloc_init(secureHeapSize, 32) != 0
  }()

  /// Initialises libcrypto and its secure heap once.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto could not be initialised.
  static func initialize() throws {
    guard initialized else { throw CryptoError.unavailable }
  }

  /// libcrypto's static SHA-256 method. It is never freed.
  nonisolated(unsafe) static let sha256: OpaquePointer? = lockwise_sha256()

  /// libcrypto's static AES-256-GCM method. It is never freed.
  nonisolated(unsafe) static let aes256GCM: OpaquePointer? = lockwise_aes_256_gcm()

  /// Initialises libcrypto where throwing is impossible; `false` if locked memory is not available.
  static var isReady: Bool { initialized }
}

/// An error of a cryptographic operation. No case contains anything secret.
public enum CryptoError: Error, Equatable, Sendable {
  /// libcrypto could not be initialised or lacks the algorithm.
  case unavailable
  /// A key, nonce or tag has the wrong size.
  case incorrectSize
  /// An authentication tag or MAC did not match, or a padding was wrong.
  case authenticationFailure
  /// A parameter is out of range or libcrypto refused it.
  case invalidParameters
}

extension CryptoError: UserFacingErrorConvertible {
  /// The error as a program shows it; no case says more than the other.
  public var userFacingError: UserFacingError {
    UserFacingError("a cryptographic operation failed in libcrypto", exitCode: .failure)
  }
}

/// The cryptographic library in use.
public enum CryptoLibrary {
  /// The library's name and version, such as `OpenSSL 3.0.17`.
  public static var version: String {
    // `OpenSSL 3.0.17 1 Jul 2025 (…)` (OpenSSL_version(3)).
    String(cString: OpenSSL_version(OPENSSL_VERSION)).split(separator: " ").prefix(2).joined(separator: " ")
  }
}
