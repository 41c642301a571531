import COpenSSL

/// A libcrypto cipher under one key. The key is set up once for many messages (EVP_EncryptInit(3)) and wiped on
/// release. Not thread-safe.
final class CipherContext {
  /// Whether the context encrypts or decrypts.
  enum Direction: Int32 {
    case decrypting = 0
    case encrypting = 1
  }

  private let context: OpaquePointer
  private let ivByteCount: Int

  /// Sets up a cipher with a key.
  ///
  /// - Parameters:
  ///   - cipher: AES-256 in any mode; `nil` if libcrypto lacks it.
  ///   - key: 32 bytes.
  ///   - ivByteCount: the length of each message's IV or nonce in bytes.
  /// - Throws: `CryptoError.incorrectSize` if the key has another length; `CryptoError.unavailable` if libcrypto
  ///   refuses.
  init(_ cipher: @autoclosure () -> OpaquePointer?, key: SecretBytes, ivByteCount: Int, _ direction: Direction) throws {
    guard key.count == 32 else { throw CryptoError.incorrectSize }
    try OpenSSL.initialize()
    guard let context = EVP_CIPHER_CTX_new() else { throw CryptoError.unavailable }
    self.context = context
    self.ivByteCount = ivByteCount
    let isReady = key.withUnsafeBytes {
      EVP_CipherInit_ex(context, cipher(), nil, Self.bytes($0), nil, direction.rawValue)
    }
    guard isReady == 1 else { throw CryptoError.unavailable }
  }

  deinit { EVP_CIPHER_CTX_free(context) }

  private static func bytes(_ buffer: UnsafeRawBufferPointer) -> UnsafePointer<UInt8>? {
    buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
  }

  /// Begins a message and abandons an unfinished one.
  ///
  /// - Throws: `CryptoError.incorrectSize` if the IV has another length; `CryptoError.unavailable` if libcrypto
  ///   refuses.
  func begin(iv: UnsafeRawBufferPointer) throws {
    guard iv.count == ivByteCount else { throw CryptoError.incorrectSize }
    guard EVP_CipherInit_ex(context, nil, nil, nil, Self.bytes(iv), -1) == 1 else { throw CryptoError.unavailable }
  }

  /// Adds associated data. Call it before the first `update`.
  func authenticate(_ data: UnsafeRawBufferPointer) throws {
    guard !data.isEmpty else { return }
    var written: Int32 = 0
    guard EVP_CipherUpdate(context, nil, &written, Self.bytes(data), Int32(data.count)) == 1 else {
      throw CryptoError.unavailable
    }
  }

  /// Encrypts or decrypts a part of the message.
  ///
  /// - Parameter output: room for the part and one more block; may be the part's own memory.
  /// - Returns: the number of bytes written.
  func update(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawPointer) throws -> Int {
    guard let count = Int32(exactly: input.count) else { throw CryptoError.incorrectSize }
    var written: Int32 = 0
    let out = output.assumingMemoryBound(to: UInt8.self)
    guard EVP_CipherUpdate(context, out, &written, Self.bytes(input), count) == 1 else { throw CryptoError.unavailable }
    return Int(written)
  }

  /// Ends the message and writes what is left of it.
  ///
  /// - Parameter output: room for one block.
  /// - Returns: the number of bytes written.
  /// - Throws: `CryptoError.authenticationFailure` if the tag or the padding is wrong.
  func finish(into output: UnsafeMutableRawPointer) throws -> Int {
    var written: Int32 = 0
    guard EVP_CipherFinal_ex(context, output.assumingMemoryBound(to: UInt8.self), &written) == 1 else {
      throw CryptoError.authenticationFailure
    }
    return Int(written)
  }

  /// Copies the tag of a finished message.
  func tag(into output: UnsafeMutableRawBufferPointer) throws {
    try control(EVP_CTRL_AEAD_GET_TAG, output)
  }

  /// Sets the tag that the message must have. Call it before `finish`.
  func expect(tag: UnsafeRawBufferPointer) throws {
    try control(EVP_CTRL_AEAD_SET_TAG, UnsafeMutableRawBufferPointer(mutating: tag))
  }

  private func control(_ command: Int32, _ buffer: UnsafeMutableRawBufferPointer) throws {
    guard EVP_CIPHER_CTX_ctrl(context, command, Int32(buffer.count), buffer.baseAddress) == 1 else {
      throw CryptoError.unavailable
    }
  }
}
