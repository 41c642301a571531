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
    case tombstone
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

  /// Makes it of our change and our version, which is `nil` if it was deleted here.
  public init(entry: OutboxEntry, local: LoginRecord?) {
    self.entry = entry
    self.local = local
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
    case (.tombstone, .some): return isLocalNewer ? .keepLocal : .takeUpstream
    case (.login(let theirs), nil): return isLocalNewer || isBase(theirs) ? .keepLocal : .takeUpstream
    case (.login(let theirs), .some(let ours)): return merge(ours, theirs, isLocalNewer: isLocalNewer)
    }
  }

  /// The server's version is the one that our change was made on: nobody else changed anything.
  private func isBase(_ record: LoginRecord) -> Bool {
    guard let base = entry.base.flatMap({ try? JSONValue(parsing: $0) })?.object else { return false }
    return (try? JSONValue(parsing: record.json))?.object?.hasSameMembers(as: base) ?? false
  }

  private func merge(_ ours: LoginRecord, _ theirs: LoginRecord, isLocalNewer: Bool) -> Outcome {
    guard let local = (try? JSONValue(parsing: ours.json))?.object,
      let upstream = (try? JSONValue(parsing: theirs.json))?.object
    else { return .takeUpstream }
    let base = entry.base.flatMap { try? JSONValue(parsing: $0) }?.object
    // Of two logins that were made apart, the one whose password is newer counts.
    let wins = base == nil ? ours.timePasswordChanged > theirs.timePasswordChanged : isLocalNewer
    let text = LoginMerge(base: base, local: local, upstream: upstream, isLocalNewer: wins).merged()
    guard let merged = try? LoginRecord(json: text, bsoID: theirs.guid) else {
      // Two halves that make no login together.
      return wins ? .keepLocal : .takeUpstream
    }
    let isUpstream = (try? JSONValue(parsing: text))?.object?.hasSameMembers(as: upstream) ?? false
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
