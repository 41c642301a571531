import LockwiseCore

/// Tracks logins that Firefox regards as duplicates. It removes all but one from the server without a tombstone, so
/// other clients do not notice unless they check (Tests/InteropTests, `ForeignLoginTests`).
struct DuplicateTracker {
  /// The most duplicates that are tracked: Firefox does not leave more, and checking them costs requests.
  private static let limit = 1000

  /// The GUIDs of logins that had a duplicate at the last check.
  private(set) var known: Set<String>
  /// The GUIDs to check because the logins were received.
  private var fresh: Set<String> = []
  /// In a full download, the hash values of the received logins, and whether any of them repeats.
  private var digests: Set<Int>?

  /// - Parameters:
  ///   - known: the GUIDs from the last pull.
  ///   - isWhole: whether all logins will be received.
  init(known: [String], isWhole: Bool) {
    self.known = isWhole ? [] : Set(known)
    digests = isWhole ? [] : nil
  }

  /// Records a received login.
  mutating func record(_ login: LoginRecord) {
    if digests != nil {
      var hasher = Hasher()
      // Compares bytes, like Firefox; `String` would hash canonically equivalent texts alike.
      for text in [login.origin, login.formActionOrigin ?? "-", login.httpRealm ?? "-", login.username] {
        text.utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0)
      }
      guard digests?.insert(hasher.finalize()).inserted == false else { return }
    }
    fresh.insert(login.guid)
  }

  /// Finds the logins that have duplicates now.
  ///
  /// - Parameter update: the vault with all received records.
  mutating func check(in update: any MirrorUpdate) throws {
    var found: Set<String> = []
    for guid in fresh.union(known).sorted() where !found.contains(guid) && found.count < Self.limit {
      guard let login = try update.login(guid: guid) else { continue }
      let others = try update.sameLogins(as: login)
      if !others.isEmpty { found.formUnion(others.map(\.guid) + [guid]) }
    }
    known = Set(found.sorted().prefix(Self.limit))
    fresh = []
  }
}
