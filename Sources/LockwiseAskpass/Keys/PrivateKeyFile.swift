import LockwiseCore

/// The content of a private key file, as far as it is readable without the passphrase.
enum PrivateKeyFile: Equatable, Sendable {
  /// OpenSSH's own format (openssh-portable, PROTOCOL.key). The public key is in clear, and ssh compares it with the
  /// decrypted key.
  case openSSH(PublicKey)
  /// PEM or PKCS#8. The public key is in `PATH.pub` only.
  case pem

  private static let beginning = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
  private static let end = "-----END OPENSSH PRIVATE KEY-----\n"
  private static let magic = "openssh-key-v1\0"
  /// The other formats that ssh reads.
  private static let pemLabels = [
    "RSA PRIVATE KEY", "DSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PRIVATE KEY",
  ]

  /// Parses a file; `nil` if it is not a private key of ssh.
  init?(_ file: SecretBytes) {
    let parsed: PrivateKeyFile? = file.withUnsafeBytes { bytes in
      if bytes.starts(with: Self.beginning.utf8) { return Self.openSSH(bytes).map { .openSSH($0) } }
      // libcrypto skips text before the first line of the key.
      let isPEM = bytes.split(separator: 0x0A).contains { line in
        Self.pemLabels.contains { line.prefix { $0 != 0x0D }.isText("-----BEGIN \($0)-----") }
      }
      return isPEM ? .pem : nil
    }
    guard let parsed else { return nil }
    self = parsed
  }

  private static func openSSH(_ bytes: UnsafeRawBufferPointer) -> PublicKey? {
    var lines = bytes.dropFirst(beginning.utf8.count).split(separator: 0x0A, omittingEmptySubsequences: false)[...]
    // The line feed before the end mark is part of it: a mark inside a line is not an end.
    guard let last = lines.firstIndex(where: { $0.isText(String(end.dropLast())) }), last < lines.endIndex - 1 else {
      return nil
    }
    lines = lines[..<last]
    var text = SecretBuilder(capacity: bytes.count)
    for line in lines {
      let isFromWindows = line.last == 0x0D
      text.append(UnsafeRawBufferPointer(rebasing: isFromWindows ? line.dropLast() : line))
    }
    guard let content = Base64.standard.decode(text.finish()) else { return nil }
    return content.withUnsafeBytes { publicKey(in: $0) }
  }

  /// Returns the public key: after the magic word come cipher, key derivation, its options, the number of keys (1), the
  /// public key, and the encrypted private key, after which there can be an authentication tag.
  private static func publicKey(in content: UnsafeRawBufferPointer) -> PublicKey? {
    var reader = SSHStringReader(content)
    guard reader.bytes(magic.utf8.count)?.isText(magic) == true, let cipher = reader.string(), !cipher.isEmpty,
      let derivation = reader.string(), !derivation.isEmpty, reader.string() != nil, reader.number() == 1,
      let key = reader.string(), let encrypted = reader.string(), !encrypted.isEmpty
    else { return nil }
    return PublicKey(encoded: Array(key))
  }
}
