import COpenSSL

/// The process-wide set-up of libcrypto.
enum OpenSSL {
  /// Bytes of locked memory for `SecretBytes`: enough for keys, tokens and a handful of records. Larger secrets
  /// fall back to ordinary memory, which is still wiped.
  private static let secureHeapSize = 128 * 1024

  /// What `SecretBytes` may use of it. The rest is libcrypto's: its random generator keeps its state there and fails
  /// when there is no room (RAND_bytes(3) draws on rand_pool, which is allocated securely).
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

  /// SHA-256; libcrypto's constant method, which is never freed.
  nonisolated(unsafe) static let sha256: OpaquePointer? = lockwise_sha256()

  /// AES-256-GCM; libcrypto's constant method, which is never freed.
  nonisolated(unsafe) static let aes256GCM: OpaquePointer? = lockwise_aes_256_gcm()

  /// Initialises libcrypto where a throw is not possible; `false` means that no locked memory is to be had.
  static var isReady: Bool { initialized }
}

/// What can go wrong in a cryptographic operation. No case says more than an attacker may know.
public enum CryptoError: Error, Equatable, Sendable {
  /// libcrypto could not be initialised or lacks the algorithm.
  case unavailable
  /// A key, nonce or tag has the wrong size.
  case incorrectSize
  /// An authentication tag or MAC did not match, or a padding was wrong.
  case authenticationFailure
  /// The operation's parameters were refused by libcrypto.
  case invalidParameters
}

extension CryptoError: UserFacingErrorConvertible {
  /// The error as a program shows it; no case says more than the other.
  public var userFacingError: UserFacingError {
    UserFacingError("a cryptographic operation failed in libcrypto", exitCode: .failure)
  }
}
