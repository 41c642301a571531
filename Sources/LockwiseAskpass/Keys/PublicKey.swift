import LockwiseCore

/// A public key as ssh encodes it (RFC 4253 section 6.6): the name of its type and the type's own fields, each with its
/// length.
struct PublicKey: Equatable, Sendable {
  /// The encoded key.
  let encoded: [UInt8]
  /// The comment; `nil` if there is none.
  let comment: String?

  /// Makes a key; `nil` if the bytes do not begin with the name of a type.
  init?(encoded: [UInt8], comment: String? = nil) {
    guard encoded.withUnsafeBytes({ Self.type(of: $0) }) != nil else { return nil }
    (self.encoded, self.comment) = (encoded, comment)
  }

  /// Parses the first line of a `.pub` file that has a key: its type, the key in Base64, and an optional comment
  /// (sshd(8), "AUTHORIZED_KEYS FILE FORMAT", without options).
  ///
  /// - Returns: `nil` if there is no such line.
  init?(publicFile text: some Collection<UInt8>) {
    for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
      let fields = line.split(maxSplits: 2, whereSeparator: isBlank)
      guard fields.count >= 2, let encoded = Base64.standard.decode(String(decoding: fields[1], as: UTF8.self)),
        let type = encoded.withUnsafeBytes({ Self.type(of: $0) }), type.elementsEqual(fields[0])
      else { continue }
      self.encoded = encoded
      comment = fields.count > 2 ? PromptText.name(fields[2].drop(while: isBlank)) : nil
      return
    }
    return nil
  }

  /// The SHA-256 fingerprint in lower-case hexadecimal digits.
  ///
  /// - Throws: `CryptoError.unavailable`.
  func fingerprint() throws -> String { Hex.encode(try SHA256.hash(encoded)) }

  /// Returns the type's name; `nil` if it is empty, not printable ASCII, or nothing follows.
  private static func type(of encoded: UnsafeRawBufferPointer) -> [UInt8]? {
    var reader = SSHStringReader(encoded)
    guard let type = reader.string(), !type.isEmpty, type.allSatisfy({ (0x21...0x7E).contains($0) }), !reader.isAtEnd
    else { return nil }
    return Array(type)
  }
}
