import COpenSSL

/// HKDF with SHA-256, extract and expand (RFC 5869).
public enum HKDFSHA256 {
  /// Derives a key.
  ///
  /// - Parameters:
  ///   - inputKey: the input keying material.
  ///   - salt: the salt; empty means 32 zero bytes (RFC 5869 section 2.2).
  ///   - info: the context, at most 1024 bytes.
  ///   - count: the length of the result in bytes, 1 to 8160.
  /// - Returns: the output keying material.
  /// - Throws: `CryptoError.invalidParameters` if libcrypto refuses.
  public static func deriveKey(
    from inputKey: SecretBytes, salt: [UInt8] = [], info: [UInt8], count: Int
  ) throws -> SecretBytes {
    try OpenSSL.initialize()
    return try SecretBytes(count: count) { output in
      let done = inputKey.withUnsafeBytes { key in
        lockwise_hkdf_sha256(
          key.baseAddress?.assumingMemoryBound(to: UInt8.self), key.count, salt, salt.count, info, info.count,
          output.baseAddress?.assumingMemoryBound(to: UInt8.self), count)
      }
      guard done == 1 else { throw CryptoError.invalidParameters }
    }
  }

  /// Derives a key, with the context given as text.
  ///
  /// - Throws: `CryptoError.invalidParameters` if libcrypto refuses.
  public static func deriveKey(
    from inputKey: SecretBytes, salt: [UInt8] = [], info: String, count: Int
  ) throws -> SecretBytes {
    try deriveKey(from: inputKey, salt: salt, info: Array(info.utf8), count: count)
  }
}

/// PBKDF2 with HMAC-SHA-256 (RFC 8018 section 5.2).
public enum PBKDF2SHA256 {
  /// Derives a key from a password.
  ///
  /// - Parameters:
  ///   - password: the password's bytes.
  ///   - salt: the salt.
  ///   - iterations: the iteration count, 1 to 2,147,483,647.
  ///   - count: the length of the result in bytes.
  /// - Returns: the derived key.
  /// - Throws: `CryptoError.invalidParameters` if the iteration count is out of range.
  public static func deriveKey(
    password: SecretBytes, salt: [UInt8], iterations: Int, count: Int
  ) throws -> SecretBytes {
    guard let rounds = Int32(exactly: iterations), rounds > 0 else { throw CryptoError.invalidParameters }
    try OpenSSL.initialize()
    return try SecretBytes(count: count) { output in
      let done = password.withUnsafeBytes { bytes in
        PKCS5_PBKDF2_HMAC(
          bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), salt, Int32(salt.count),
          rounds, EVP_sha256(), Int32(count),
          output.baseAddress?.assumingMemoryBound(to: UInt8.self))
      }
      guard done == 1 else { throw CryptoError.invalidParameters }
    }
  }
}

/// scrypt (RFC 7914).
public enum Scrypt {
  /// The cost parameters.
  public struct Parameters: Equatable, Sendable {
    /// The CPU and memory cost N, a power of two.
    var cost: UInt64
    /// The block size r.
    var blockSize: UInt64
    /// The parallelisation p.
    var parallelism: UInt64

    /// Makes parameters: `cost` is N, `blockSize` r, `parallelism` p.
    public init(cost: UInt64, blockSize: UInt64, parallelism: UInt64) {
      self.cost = cost
      self.blockSize = blockSize
      self.parallelism = parallelism
    }

    /// The largest N · r · p accepted: four times that of a vault's slot, about two seconds and 512 MiB.
    static let maximumWork: UInt64 = 1 << 22

    /// The work, N · r · p; `nil` on overflow.
    var work: UInt64? {
      let (table, o1) = cost.multipliedReportingOverflow(by: blockSize)
      let (all, o2) = table.multipliedReportingOverflow(by: parallelism)
      return o1 || o2 ? nil : all
    }

    /// Whether N is a power of two above 1, r and p are at least 1, and N · r · p is within the bound.
    var isAcceptable: Bool {
      cost > 1 && cost & (cost - 1) == 0 && blockSize > 0 && parallelism > 0
        && (work.map { $0 <= Self.maximumWork } ?? false)
    }

    /// The memory that a derivation needs in bytes, 128 N r + 128 r p (RFC 7914 section 2); `nil` on overflow.
    var memory: UInt64? {
      let (block, o1) = blockSize.multipliedReportingOverflow(by: 128)
      let (table, o2) = block.multipliedReportingOverflow(by: cost)
      let (lanes, o3) = block.multipliedReportingOverflow(by: parallelism)
      let (sum, o4) = table.addingReportingOverflow(lanes)
      return o1 || o2 || o3 || o4 ? nil : sum
    }
  }

  /// Derives a key from a password.
  ///
  /// - Parameters:
  ///   - password: the password's bytes.
  ///   - salt: the salt.
  ///   - parameters: the cost, at most four times that of a vault's slot.
  ///   - count: the length of the result in bytes.
  /// - Returns: the derived key.
  /// - Throws: `CryptoError.invalidParameters` if the parameters are out of range.
  public static func deriveKey(
    password: SecretBytes, salt: [UInt8], parameters: Parameters, count: Int
  ) throws -> SecretBytes {
    try OpenSSL.initialize()
    guard parameters.isAcceptable, let memory = parameters.memory else { throw CryptoError.invalidParameters }
    return try SecretBytes(count: count) { output in
      let done = password.withUnsafeBytes { bytes in
        // EVP_PBE_scrypt(3) treats a null pointer as a query, so an empty password needs an address.
        withUnsafeBytes(of: UInt8(0)) { empty in
          EVP_PBE_scrypt(
            (bytes.baseAddress ?? empty.baseAddress)?.assumingMemoryBound(to: CChar.self), bytes.count, salt,
            salt.count, parameters.cost, parameters.blockSize, parameters.parallelism,
            memory + (1 << 20), output.baseAddress?.assumingMemoryBound(to: UInt8.self), count)
        }
      }
      guard done == 1 else { throw CryptoError.invalidParameters }
    }
  }
}
