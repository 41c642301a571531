/// The sealed look-up index, which maps tokens to login rows. It is divided into buckets, all of which exist.
///
/// Each bucket is sealed with its number, so a look-up without a result is authenticated as well. A row that was
/// removed, changed or moved is detected and not mistaken for a missing login.
enum VaultIndex {
  /// A token, the login row that it refers to, and the row's tag.
  struct Entry: Hashable, Comparable {
    static let byteCount = LookupToken.byteCount + 8 + RowTag.byteCount

    let token: LookupToken
    let login: Int64
    let tag: RowTag

    static func < (left: Entry, right: Entry) -> Bool {
      if left.token != right.token { return left.token < right.token }
      return left.login == right.login ? left.tag < right.tag : left.login < right.login
    }
  }

  /// Decodes the entries of a bucket.
  ///
  /// - Throws: `VaultError.damaged` if its length is wrong.
  static func decode(_ plaintext: SecretBytes) throws -> [Entry] {
    guard plaintext.count % Entry.byteCount == 0 else { throw VaultError.damaged(part: "index") }
    return plaintext.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: Entry.byteCount).map { start in
        let login = start + LookupToken.byteCount
        return Entry(
          token: LookupToken(bytes: UnsafeRawBufferPointer(rebasing: bytes[start...])),
          login: Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: login, as: Int64.self)),
          tag: RowTag(stored: UnsafeRawBufferPointer(rebasing: bytes[(login + 8)...])))
      }
    }
  }

  /// Encodes the entries of a bucket.
  static func encode(_ entries: [Entry]) -> SecretBytes {
    var builder = SecretBuilder(capacity: entries.count * Entry.byteCount)
    for entry in entries {
      entry.token.append(to: &builder)
      withUnsafeBytes(of: entry.login.littleEndian) { builder.append($0) }
      entry.tag.append(to: &builder)
    }
    return builder.finish()
  }
}
