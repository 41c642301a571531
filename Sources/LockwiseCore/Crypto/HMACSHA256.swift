import COpenSSL

/// HMAC with SHA-256 (RFC 2104, RFC 4231) under one key. The key is set up once for many messages (HMAC_Init_ex(3)) and
/// wiped on release. Not thread-safe.
public final class HMACSHA256 {
  /// The length of an authentication code in bytes.
  public static let byteCount = 32

  private let context: OpaquePointer

  /// Sets up the key.
  ///
  /// - Parameter key: the key, of any length.
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public init(key: SecretBytes) throws {
    try OpenSSL.initialize()
    let context = key.withUnsafeBytes { lockwise_hmac_new(OpenSSL.sha256, $0.baseAddress, $0.count) }
    guard let context else { throw CryptoError.unavailable }
    self.context = context
  }

  deinit { lockwise_hmac_free(context) }

  /// Calls `body` with a message's authentication code. The 32 bytes are valid only during the call.
  ///
  /// - Parameters:
  ///   - message: the message, or the rest of it after `prefix`.
  ///   - prefix: the beginning of the message.
  ///   - body: called once.
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses; any error of `body`.
  package func withCode<Result>(
    for message: UnsafeRawBufferPointer, after prefix: UnsafeRawBufferPointer? = nil,
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    var isDone = lockwise_hmac_begin(context) == 1
    if let prefix { isDone = isDone && lockwise_hmac_update(context, prefix.baseAddress, prefix.count) == 1 }
    isDone = isDone && lockwise_hmac_update(context, message.baseAddress, message.count) == 1
    return try withUnsafeTemporaryAllocation(byteCount: Self.byteCount, alignment: 8) { code in
      guard isDone, lockwise_hmac_end(context, code.baseAddress) == 1 else { throw CryptoError.unavailable }
      return try body(UnsafeRawBufferPointer(code))
    }
  }

  /// Returns whether `code` is the authentication code of `message`. Takes constant time.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public func isValid(_ code: UnsafeRawBufferPointer, for message: UnsafeRawBufferPointer) throws -> Bool {
    try withCode(for: message) { constantTimeEqual($0, code) }
  }
}

extension HMACSHA256 {
  /// Returns the 32-byte authentication code of `message` under `key`.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public static func authenticationCode(
    for message: UnsafeRawBufferPointer, key: SecretBytes
  ) throws -> [UInt8] {
    try HMACSHA256(key: key).withCode(for: message) { Array($0) }
  }

  /// Returns the 32-byte authentication code of `message` under `key`.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public static func authenticationCode(for message: [UInt8], key: SecretBytes) throws -> [UInt8] {
    try message.withUnsafeBytes { try authenticationCode(for: $0, key: key) }
  }

  /// Returns whether `code` is the authentication code of `message` under `key`. Takes constant time.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public static func isValid(
    _ code: [UInt8], for message: UnsafeRawBufferPointer, key: SecretBytes
  ) throws -> Bool {
    try code.withUnsafeBytes { try HMACSHA256(key: key).isValid($0, for: message) }
  }
}
