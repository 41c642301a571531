import CLinux
import COpenSSL

/// Memory for secrets: locked as far as the secure heap of libcrypto reaches (OPENSSL_secure_malloc(3)), and wiped when
/// the last reference goes away.
final class SecretStorage: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let capacity: Int
  private let isSecure: Bool

  /// Makes storage for at least one byte, with anything in it.
  init(capacity: Int) {
    let size = max(capacity, 1)
    if OpenSSL.isReady, CRYPTO_secure_used() + size <= OpenSSL.secureHeapShare,
      let locked = lockwise_secure_malloc(size)
    {
      // Asking libcrypto whether it is so would cost a lock; its heap was set up, and nothing else is handed out then.
      base = locked
      isSecure = true
    } else {
      base = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
      isSecure = false
    }
    self.capacity = size
  }

  deinit {
    if isSecure {
      lockwise_secure_free(base, capacity)
    } else {
      OPENSSL_cleanse(base, capacity)
      base.deallocate()
    }
  }
}
