import LockwiseCore

/// The pages of a download, read and with their records decrypted by a thread of its own: while it reads a page the next
/// one is fetched, and while it reads that one this one can be stored.
struct ReadPages {
  /// A page, and what its records turned out to be, in their order.
  typealias ReadPage = (page: RecordPage, readings: [RecordReader.Reading])

  private let bundle: SyncKeyBundle
  private let following: (UnreadPage) throws -> UnreadPage?
  private var current: (unread: UnreadPage, reading: BackgroundWork<ReadPage>)?

  /// Begins with a page that was fetched.
  ///
  /// - Parameters:
  ///   - first: the first page.
  ///   - bundle: the keys of the collection.
  ///   - following: fetches the page after the one given; `nil` if that was the last. Called by `next` only.
  init(first: UnreadPage, bundle: SyncKeyBundle, following: @escaping (UnreadPage) throws -> UnreadPage?) {
    self.bundle = bundle
    self.following = following
    current = (first, read(first))
  }

  /// The next page; `nil` after the last.
  ///
  /// - Throws: what `following` throws; `StorageError`; `CryptoError.unavailable` if libcrypto refuses.
  mutating func next() throws -> ReadPage? {
    guard let (unread, reading) = current else { return nil }
    let next = try following(unread)
    let page = try reading.value()
    current = next.map { ($0, read($0)) }
    return page
  }

  private func read(_ unread: UnreadPage) -> BackgroundWork<ReadPage> {
    let bundle = bundle
    return BackgroundWork {
      let page = try unread.read()
      let reader = try RecordReader(bundle: bundle)
      return (page, try page.records.map { try reader.read($0) })
    }
  }
}
