import LockwiseCore

/// The pages of a download, decrypted by a thread of its own: while it reads one page, the next is fetched and the
/// previous one can be stored.
struct ReadPages {
  /// A page and the results of reading its records, in order.
  typealias ReadPage = (page: RecordPage, readings: [RecordReader.Reading])

  private let bundle: SyncKeyBundle
  private let following: (UnreadPage) throws -> UnreadPage?
  private var current: (unread: UnreadPage, reading: BackgroundWork<ReadPage>)?

  /// Starts with a fetched page.
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

  /// Returns the next page; `nil` after the last.
  ///
  /// - Throws: the errors of `following`; `StorageError`; `CryptoError.unavailable` if libcrypto fails.
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
