/// The decision about a login with a pending local change when a version from the server arrives.
///
/// The rules are those of application-services' three-way merge, except for deletions: the later of a deletion and an
/// edit wins, as in Firefox desktop.
public struct Reconciliation: Sendable {
  /// The server's version.
  public enum Upstream: Sendable {
    /// A login record.
    case login(LoginRecord)
    /// The mark of a deleted login.
    case tombstone(Tombstone)
  }

  /// The action to take.
  public enum Outcome: Sendable {
    /// The vault stores the server's version; nothing remains to upload.
    case acceptUpstream
    /// The vault's version stays and is uploaded.
    case keepLocal
    /// The vault stores this version and uploads it.
    case merged(LoginRecord)
  }

  /// The largest difference that clocks are expected to have: twice what the servers accept in a signature (60 s, Hawk).
  private static let clockTolerance: Milliseconds = 120_000

  /// The pending local change.
  private let entry: OutboxEntry
  /// The vault's version; `nil` if it was deleted here.
  private let local: LoginRecord?
  private let isServerNew: Bool
  private let ignoresTimes: Bool

  /// Makes a reconciliation.
  ///
  /// - Parameters:
  ///   - entry: the pending local change.
  ///   - local: the vault's version; `nil` if it was deleted here.
  ///   - isServerNew: whether the server's storage was recreated since the change's base was downloaded. Its version may
  ///     then be older than the base, although it was written later.
  ///   - ignoresTimes: whether a version with other times and another number of uses counts as equal.
  public init(entry: OutboxEntry, local: LoginRecord?, isServerNew: Bool = false, ignoresTimes: Bool = false) {
    self.entry = entry
    self.local = local
    self.isServerNew = isServerNew
    self.ignoresTimes = ignoresTimes
  }

  /// Returns the action for a version from the server.
  ///
  /// - Parameters:
  ///   - upstream: the server's version.
  ///   - time: the time when it was written by this machine's clock.
  /// - Returns: the action to take.
  public func outcome(for upstream: Upstream, writtenAt time: Milliseconds) -> Outcome {
    let isLocalNewer = entry.changed > time
    switch (upstream, local) {
    case (.tombstone, nil): return .acceptUpstream
    case (.tombstone(let mark), .some): return isLocalNewer || isOwn(mark) ? .keepLocal : .acceptUpstream
    case (.login(let theirs), nil):
      return isLocalNewer || isOwn(theirs) || isMergeOfKnown(theirs) ? .keepLocal : .acceptUpstream
    case (.login(let theirs), .some(let ours)): return merge(ours, theirs, writtenAt: time)
    }
  }

  /// Returns whether the server's version is the base of the local change or an upload of this client. No other client
  /// has changed the login then, whatever the clocks say.
  private func isOwn(_ record: LoginRecord) -> Bool {
    guard let theirs = Self.object(record.json) else { return false }
    return known.contains { $0.hasSameMembers(as: theirs) }
  }

  /// Returns whether the server's version is a known one but for former passwords, all of which this client knew. Another
  /// client then merged it with an upload whose response it had lost, and changed nothing.
  private func isMergeOfKnown(_ record: LoginRecord) -> Bool {
    guard let theirs = Self.object(record.json) else { return false }
    let passwords = known.flatMap { version in
      [version["password"]?.secret].compactMap(\.self) + LockwiseMember.history(of: version).map(\.password)
    }
    guard LockwiseMember.history(of: theirs).allSatisfy({ passwords.contains($0.password) }) else { return false }
    return known.contains { LockwiseMember.differOnlyInHistory($0, theirs) }
  }

  private func isOwn(_ mark: Tombstone) -> Bool {
    known.contains { record in
      guard case .tombstone(let ours) = Tombstone.reading(record, guid: entry.guid) else { return false }
      return ours == mark || mark.guid == nil && ours.unitedWith == nil
    }
  }

  /// The base of the local change, then the uploads without a response, oldest first.
  private var known: [JSONObject] { ([entry.base].compactMap(\.self) + entry.sent).compactMap(Self.object) }

  private static func object(_ json: SecretBytes) -> JSONObject? { (try? JSONValue(parsing: json))?.object }

  private func isLogin(_ record: JSONObject) -> Bool { Tombstone.reading(record, guid: entry.guid) == .none }

  private func merge(_ ours: LoginRecord, _ theirs: LoginRecord, writtenAt time: Milliseconds) -> Outcome {
    guard let local = Self.object(ours.json), let upstream = Self.object(theirs.json) else { return .acceptUpstream }
    if isSame(local, upstream) { return .acceptUpstream }
    if isOwn(theirs) { return .keepLocal }
    let base = entry.base.flatMap(Self.object).flatMap { isLogin($0) ? $0 : nil }
    // An upload without a response is not a base: it may never have arrived, and then the server's version is older.
    let sent = entry.sent.compactMap(Self.object).filter(isLogin)
    // Of two logins that were added separately, the one with the newer password wins.
    let isApart = base == nil || isServerNew
    let prefersLocal = isApart ? ours.timePasswordChanged > theirs.timePasswordChanged : entry.changed > time
    let prefersLocalPassword = isApart ? prefersLocal : isLocalPasswordNewer(ours, theirs, writtenAt: time)
    let text = LoginMerge(
      base: base, sent: sent, local: local, upstream: upstream, isLocalNewer: prefersLocal,
      isLocalPasswordNewer: prefersLocalPassword, isServerNew: isServerNew
    ).merged()
    guard let merged = try? LoginRecord(json: text, bsoID: theirs.guid) else {
      // The merged members are not a valid login.
      return prefersLocal ? .keepLocal : .acceptUpstream
    }
    let isUpstream = Self.object(text).map { isSame($0, upstream) } ?? false
    return isUpstream ? .acceptUpstream : .merged(merged)
  }

  /// Returns whether the vault's password wins over the server's.
  ///
  /// The time of an upload is later than that of its change, and servers' clocks move. If all times are close together,
  /// the passwords' own times decide.
  private func isLocalPasswordNewer(_ ours: LoginRecord, _ theirs: LoginRecord, writtenAt time: Milliseconds) -> Bool {
    let times = [ours.timePasswordChanged, theirs.timePasswordChanged]
    if times[0] <= entry.changed, times.allSatisfy({ $0 > 0 && ($0 - time).magnitude <= Self.clockTolerance }) {
      return times[0] > times[1]
    }
    // A later change of another member does not make the password newer.
    return entry.changed > time && (times[0] == 0 || times[0] > time)
  }

  private func isSame(_ record: JSONObject, _ upstream: JSONObject) -> Bool {
    record.hasSameMembers(as: upstream, except: ignoresTimes ? LoginRecord.timeMembers : [])
  }
}

extension JSONObject {
  /// Returns whether both have the same members with the same values, in any order. Texts are compared decoded, other
  /// values byte by byte. `null` equals a missing member.
  ///
  /// - Parameter ignored: the names of members that are not compared.
  func hasSameMembers(as other: JSONObject, except ignored: Set<String> = []) -> Bool {
    // By bytes: `String` treats canonically equivalent names as equal.
    func values(_ object: JSONObject) -> [[UInt8]: SecretBytes] {
      var values: [[UInt8]: SecretBytes] = [:]
      for member in object.members where !ignored.contains(member.name) {
        values[Array(member.name.utf8)] =
          member.value.isNull ? nil : member.value.secret.map { JSONText.string($0) } ?? member.value.raw
      }
      return values
    }
    return values(self) == values(other)
  }
}
