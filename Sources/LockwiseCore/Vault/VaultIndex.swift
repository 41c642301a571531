/// The sealed look-up index: tokens to login rows, spread over `1 << bits` buckets, every one of which exists.
///
/// Because each bucket is sealed with its number, a look-up that finds nothing is as trustworthy as one that
/// finds something: a row that was removed, changed or moved is noticed, not taken for "no such login".
struct VaultIndex {
  /// One token and the login row that it leads to.
  struct Entry: Hashable, Comparable {
    static let byteCount = LookupToken.byteCount + 8

    let token: LookupToken
    let login: Int64

    static func < (left: Entry, right: Entry) -> Bool {
      left.token == right.token ? left.login < right.login : left.token < right.token
    }
  }

  /// What is known of the index as a whole; kept sealed.
  struct Summary: Equatable {
    /// There are `1 << bits` buckets.
    var bits: Int
    /// How many entries there are in all buckets.
    var entries: Int
    /// How many logins there are.
    var logins: Int
    /// How many changes are not on the server yet.
    var outbox: Int
    /// Whether git's helper remembers anything: a look-up that need not read the document is the faster for it.
    var hasGitMemory = false

    static let empty = Summary(bits: 4, entries: 0, logins: 0, outbox: 0)
    /// About this many entries a bucket once the index was laid out anew.
    private static let comfortableLoad = 16
    private static let maximumLoad = 48
    private static let maximumBits = 24

    /// The number of bits at which `entries` entries lie comfortably, or the present one while it will do.
    var wantedBits: Int {
      guard entries > Self.maximumLoad << bits else { return bits }
      var wanted = bits
      while wanted < Self.maximumBits, entries > Self.comfortableLoad << wanted { wanted += 1 }
      return wanted
    }

    init(bits: Int, entries: Int, logins: Int, outbox: Int) {
      self.bits = bits
      self.entries = entries
      self.logins = logins
      self.outbox = outbox
    }

    init(document: SecretBytes) throws {
      guard let object = (try? JSONValue(parsing: document))?.object,
        let bits = object["bits"]?.integer, (0...Int64(Self.maximumBits)).contains(bits),
        let entries = object["entries"]?.integer, entries >= 0, let logins = object["logins"]?.integer,
        logins >= 0
      else { throw VaultError.damaged(part: "index") }
      // Format 1 had no outbox.
      let outbox = max(0, object["outbox"]?.integer ?? 0)
      self.init(bits: Int(bits), entries: Int(entries), logins: Int(logins), outbox: Int(outbox))
      // Format 2 had none.
      hasGitMemory = object["gitMemory"]?.bool ?? false
    }

    var document: SecretBytes {
      var writer = JSONObjectWriter()
      writer.member("bits", Int64(bits))
      writer.member("entries", Int64(entries))
      writer.member("logins", Int64(logins))
      writer.member("outbox", Int64(outbox))
      if hasGitMemory { writer.member("gitMemory", true) }
      return writer.finish()
    }
  }

  /// The entries of a bucket out of its plaintext.
  static func decode(_ plaintext: SecretBytes) throws -> [Entry] {
    guard plaintext.count % Entry.byteCount == 0 else { throw VaultError.damaged(part: "index") }
    return plaintext.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: Entry.byteCount).map { start in
        Entry(
          token: LookupToken(bytes: UnsafeRawBufferPointer(rebasing: bytes[start...])),
          login: Int64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: start + LookupToken.byteCount, as: Int64.self)))
      }
    }
  }

  /// The plaintext of a bucket.
  static func encode(_ entries: [Entry]) -> SecretBytes {
    var builder = SecretBuilder(capacity: entries.count * Entry.byteCount)
    for entry in entries {
      entry.token.append(to: &builder)
      withUnsafeBytes(of: entry.login.littleEndian) { builder.append($0) }
    }
    return builder.finish()
  }
}
