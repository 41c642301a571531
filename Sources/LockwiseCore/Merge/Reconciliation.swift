/// What becomes of a login with a change that is not on the server yet when the server's version comes.
///
/// The rules are those of application-services' three-way merge, but for deletions, where the later of deletion and edit
/// counts, as in Firefox desktop.
public struct Reconciliation: Sendable {
  /// The server's version.
  public enum Upstream: Sendable {
    /// A login.
    case login(LoginRecord)
    /// It was deleted.
    case tombstone(Tombstone)
  }

  /// What to do.
  public enum Outcome: Sendable {
    /// The vault takes the server's version; nothing is left to be uploaded.
    case takeUpstream
    /// The vault's version stays and goes to the server.
    case keepLocal
    /// This is the vault's version from now on, and goes to the server.
    case merged(LoginRecord)
  }

  /// Our change.
  private let entry: OutboxEntry
  /// Our version; `nil` if it was deleted here.
  private let local: LoginRecord?
  private let isServerNew: Bool

  /// Makes a reconciliation.
  ///
  /// - Parameters:
  ///   - entry: our change.
  ///   - local: our version; `nil` if it was deleted here.
  ///   - isServerNew: whether the storage was set up anew since our change was based on it. Then its version may be older
  ///     than the base, although it was written later.
  public init(entry: OutboxEntry, local: LoginRecord?, isServerNew: Bool = false) {
    self.entry = entry
    self.local = local
    self.isServerNew = isServerNew
  }

  /// Decides.
  ///
  /// - Parameters:
  ///   - upstream: the server's version.
  ///   - time: when that was written, milliseconds since 1970 by our clock.
  /// - Returns: what to do.
  public func outcome(for upstream: Upstream, writtenAt time: Int64) -> Outcome {
    let isLocalNewer = entry.changed > time
    switch (upstream, local) {
    case (.tombstone, nil): return .takeUpstream
    case (.tombstone(let mark), .some): return isLocalNewer || isOwn(mark) ? .keepLocal : .takeUpstream
    case (.login(let theirs), nil): return isLocalNewer || isOwn(theirs) ? .keepLocal : .takeUpstream
    case (.login(let theirs), .some(let ours)): return merge(ours, theirs, isLocalNewer: isLocalNewer)
    }
  }

  /// Whether the server's version is the one that our change was made on, or one that we uploaded without getting a
  /// response: then nobody else changed anything, whatever the clocks say.
  private func isOwn(_ record: LoginRecord) -> Bool {
    guard let theirs = Self.object(record.json) else { return false }
    return known.contains { $0.hasSameMembers(as: theirs) }
  }

  private func isOwn(_ mark: Tombstone) -> Bool {
    known.contains { record in
      guard case .tombstone(let ours) = Tombstone.reading(record, guid: entry.guid) else { return false }
      return ours == mark || mark.guid == nil && ours.unitedWith == nil
    }
  }

  /// The base of our change, then what we uploaded without getting a response, oldest first.
  private var known: [JSONObject] { ([entry.base].compactMap(\.self) + entry.sent).compactMap(Self.object) }

  private static func object(_ json: SecretBytes) -> JSONObject? { (try? JSONValue(parsing: json))?.object }

  private func isLogin(_ record: JSONObject) -> Bool { Tombstone.reading(record, guid: entry.guid) == .none }

  private func merge(_ ours: LoginRecord, _ theirs: LoginRecord, isLocalNewer: Bool) -> Outcome {
    guard let local = Self.object(ours.json), let upstream = Self.object(theirs.json) else { return .takeUpstream }
    if local.hasSameMembers(as: upstream) { return .takeUpstream }
    if isOwn(theirs) { return .keepLocal }
    let base = entry.base.flatMap(Self.object).flatMap { isLogin($0) ? $0 : nil }
    // An upload without a response is not a base: it may never have arrived, and then the server's version is older.
    let sent = entry.sent.compactMap(Self.object).filter(isLogin)
    // Of two logins that were made apart, the one whose password is newer counts.
    let wins = base == nil || isServerNew ? ours.timePasswordChanged > theirs.timePasswordChanged : isLocalNewer
    let text = LoginMerge(
      base: base, sent: sent, local: local, upstream: upstream, isLocalNewer: wins, isServerNew: isServerNew
    ).merged()
    guard let merged = try? LoginRecord(json: text, bsoID: theirs.guid) else {
      // Two halves that make no login together.
      return wins ? .keepLocal : .takeUpstream
    }
    let isUpstream = Self.object(text)?.hasSameMembers(as: upstream) ?? false
    return isUpstream ? .takeUpstream : .merged(merged)
  }
}

extension JSONObject {
  /// Whether both have the same members with the same values, in whatever order. Texts are compared decoded, all else
  /// byte by byte; `null` is the same as nothing.
  func hasSameMembers(as other: JSONObject) -> Bool {
    // By bytes: `String` would take canonically equivalent names for one.
    func values(_ object: JSONObject) -> [[UInt8]: SecretBytes] {
      var values: [[UInt8]: SecretBytes] = [:]
      for member in object.members {
        values[Array(member.name.utf8)] =
          member.value.isNull ? nil : member.value.secret.map { JSONText.string($0) } ?? member.value.raw
      }
      return values
    }
    return values(self) == values(other)
  }
}
