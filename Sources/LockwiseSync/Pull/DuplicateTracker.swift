import LockwiseCore

/// Logins of which Firefox would keep only one each. It removes the others from the server without a tombstone, so that
/// nobody is told of it who does not ask (Tests/InteropTests, `ForeignLoginTests`).
struct DuplicateTracker {
  /// So many are looked after: a server that has more is no Firefox's work, and asking for them costs requests.
  private static let limit = 1000

  /// The GUIDs of logins that had a duplicate when they were last looked at.
  private(set) var known: Set<String>
  /// Those that are to be looked at because they came.
  private var fresh: Set<String> = []
  /// In a whole download, what came so far, as hash values, and whether any of them came twice.
  private var digests: Set<Int>?

  /// - Parameters:
  ///   - known: the GUIDs that the last pull knew.
  ///   - isWhole: whether all logins are going to come.
  init(known: [String], isWhole: Bool) {
    self.known = isWhole ? [] : Set(known)
    digests = isWhole ? [] : nil
  }

  /// Takes note of a login that came.
  mutating func record(_ login: LoginRecord) {
    if digests != nil {
      var hasher = Hasher()
      // By bytes, as Firefox compares; `String` would hash canonically equivalent texts alike.
      for text in [login.origin, login.formActionOrigin ?? "-", login.httpRealm ?? "-", login.username] {
        text.utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0)
      }
      guard digests?.insert(hasher.finalize()).inserted == false else { return }
    }
    fresh.insert(login.guid)
  }

  /// Finds out which logins have duplicates now.
  ///
  /// - Parameter update: the vault with everything that came.
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
