import CLinux
import COpenSSL

/// Memory for secrets. It is locked as long as libcrypto's secure heap has room (OPENSSL_secure_malloc(3)), and wiped
/// when the last reference goes away.
final class SecretStorage: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let capacity: Int
  private let isSecure: Bool

  /// Allocates storage for at least one byte, uninitialized.
  init(capacity: Int) {
    let size = max(capacity, 1)
    if OpenSSL.isReady, CRYPTO_secure_used() + size <= OpenSSL.secureHeapShare,
      let locked = lockwise_secure_malloc(size)
    {
      // CRYPTO_secure_allocated(3) would cost a lock. Once the heap is set up, the memory always comes from it.
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
