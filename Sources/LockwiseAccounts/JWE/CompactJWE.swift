import LockwiseCore

/// A message in the compact serialisation of JWE (RFC 7516 section 7.1) without an encrypted key, parsed.
struct CompactJWE {
  /// The JOSE header, decoded.
  let header: JSONObject
  private let associatedData: [UInt8]
  private let nonce: [UInt8]
  private let sealed: SecretBytes

  /// Parses a message. Do not trust any part before `open` has succeeded.
  ///
  /// - Throws: `JWEError.malformed` unless there are five segments of strict base64url, the second one empty, with a
  ///   header that is a JSON object of distinct names, 12 bytes of initialisation vector and 16 bytes of tag.
  init(_ text: SecretBytes) throws(JWEError) {
    let segments = Self.segments(of: text)
    guard segments.count == 5, segments[1].isEmpty, !segments[0].isEmpty, !segments[3].isEmpty else {
      throw .malformed
    }
    guard let json = Base64.urlSafe.decode(segments[0]), let header = (try? JSONValue(parsing: json))?.object,
      header.hasDistinctNames
    else { throw .malformed }
    guard let nonce = Base64.urlSafe.decode(segments[2]), nonce.count == AES256GCM.nonceByteCount,
      let ciphertext = Base64.urlSafe.decode(segments[3]), let tag = Base64.urlSafe.decode(segments[4]),
      tag.count == AES256GCM.tagByteCount
    else { throw .malformed }
    self.header = header
    // As received: other bytes with the same meaning would authenticate another message.
    associatedData = segments[0].withUnsafeBytes { Array($0) }
    self.nonce = nonce.withUnsafeBytes { Array($0) }
    sealed = SecretBytes.concatenating([ciphertext, tag])
  }

  /// Decrypts with the content key, 32 bytes (A256GCM, RFC 7518 section 5.3).
  ///
  /// - Throws: `CryptoError.authenticationFailure` if anything was changed, or the key is wrong.
  func open(key: SecretBytes) throws -> SecretBytes {
    try sealed.withUnsafeBytes { try AES256GCM.open($0, key: key, nonce: nonce, associatedData: associatedData) }
  }

  private static func segments(of text: SecretBytes) -> [SecretBytes] {
    var ends = text.withUnsafeBytes { bytes in bytes.indices.filter { bytes[$0] == UInt8(ascii: ".") } }
    ends.append(text.count)
    var start = 0
    return ends.map { end in
      defer { start = end + 1 }
      return text[start..<end]
    }
  }
}

/// A failure to read an encrypted message. Reveals nothing that its author does not know.
enum JWEError: Error, Equatable {
  /// The form is wrong.
  case malformed
  /// The kind is not the agreed one.
  case unsupported
}

extension JSONObject {
  /// Whether all names differ. Two readers of a text with a repeated name could read different values.
  var hasDistinctNames: Bool { Set(members.map { Array($0.name.utf8) }).count == members.count }
}
