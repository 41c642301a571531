/// A three-way merge of two versions of a login, member by member.
///
/// The rules are those of application-services' logins component (`components/logins/src/sync/merge.rs`), except where
/// those lose data. `null` and `""` stay distinct. Unknown members of both sides are kept. Of two new passwords, the
/// losing one is kept in the member `lockwise`.
struct LoginMerge {
  /// The last version that both sides had; empty if there is none.
  let base: JSONObject
  /// Versions that this client uploaded since without a response.
  let sent: [JSONObject]
  let local: JSONObject
  let upstream: JSONObject
  let isLocalNewer: Bool
  let isLocalPasswordNewer: Bool
  let isServerNew: Bool

  /// Makes a merge.
  ///
  /// - Parameters:
  ///   - base: the last version that both sides had; `nil` if each side added the login itself.
  ///   - sent: versions that this client uploaded since without a response. A value from one of them is not a change of
  ///     another client.
  ///   - local: the vault's version.
  ///   - upstream: the server's version.
  ///   - isLocalNewer: whether the vault's value wins where both sides changed a member.
  ///   - isLocalPasswordNewer: whether the vault's password wins if both sides changed it; `nil` for `isLocalNewer`.
  ///   - isServerNew: whether the server's values may be older than the base.
  init(
    base: JSONObject?, sent: [JSONObject] = [], local: JSONObject, upstream: JSONObject, isLocalNewer: Bool,
    isLocalPasswordNewer: Bool? = nil, isServerNew: Bool = false
  ) {
    self.base = base ?? .empty
    self.sent = sent
    self.local = local
    self.upstream = upstream
    self.isLocalNewer = isLocalNewer
    self.isLocalPasswordNewer = isLocalPasswordNewer ?? isLocalNewer
    self.isServerNew = isServerNew
  }

  /// Returns the merged record's text.
  func merged() -> SecretBytes {
    var values: [(name: String, json: SecretBytes?)] = []
    func copy(_ names: [String], from side: JSONObject) {
      for name in names { values.append((name, side[name]?.raw)) }
    }
    for names in [["hostname"], ["formSubmitURL", "httpRealm"], ["username"], ["usernameField"], ["passwordField"]] {
      copy(names, from: winner(isLocalNewer) { side in names.map { Known.text(side[$0]) } })
    }
    let password = passwordWinner
    copy(["password"], from: password)
    values.append(("timePasswordChanged", timePasswordChanged(password)))
    values.append(("timeCreated", time("timeCreated", of: [local, upstream], choose: min)))
    values.append(("timeLastUsed", time("timeLastUsed", of: [local, upstream], choose: max)))
    values.append(("timesUsed", timesUsed))
    for name in unknownNames where name != LockwiseMember.name {
      values.append((name, unknown { $0[name] }))
    }
    if let member = lockwiseMember() { values.append((LockwiseMember.name, member)) }
    return upstream.replacing(values)
  }

  /// Returns the side whose value is used: the side that changed it, or the newer one if both or neither did.
  private func winner<Value: Equatable>(_ isLocalNewer: Bool, _ value: (JSONObject) -> Value) -> JSONObject {
    let (b, l, u) = (value(base), value(local), value(upstream))
    if l == u { return upstream }
    if u == b || sent.contains(where: { value($0) == u }) { return local }
    if l == b, !isServerNew { return upstream }
    return isLocalNewer ? local : upstream
  }

  /// Whether both sides have a new password. If the server's values may be older than the base, a password that equals the
  /// base's may be new, too.
  var isPasswordConflict: Bool {
    let (b, l, u) = (
      Known.text(base["password"]), Known.text(local["password"]), Known.text(upstream["password"])
    )
    return l != u && u != b && (l != b || isServerNew) && !sent.contains { Known.text($0["password"]) == u }
  }

  /// The side whose password is used. Of two counters of one HOTP code the higher one is used.
  private var passwordWinner: JSONObject {
    guard isPasswordConflict, let counters else {
      return winner(isLocalPasswordNewer) { [Known.text($0["password"])] }
    }
    return counters.local > counters.upstream ? local : upstream
  }

  /// The counters of both sides' passwords; `nil` if they are not URIs of one HOTP code.
  var counters: (local: UInt64, upstream: UInt64)? {
    guard let ours = local["password"]?.secret.flatMap(CounterURI.init),
      let theirs = upstream["password"]?.secret.flatMap(CounterURI.init), ours.isSameCode(as: theirs)
    else { return nil }
    return (ours.counter, theirs.counter)
  }

  // MARK: Numbers

  /// Returns the time of the side whose password is used, or the later time if both have the same password.
  private func timePasswordChanged(_ winner: JSONObject) -> SecretBytes? {
    let isShared = Known.text(local["password"]) == Known.text(upstream["password"])
    return time("timePasswordChanged", of: isShared ? [local, upstream] : [winner], choose: max)
  }

  /// Returns the chosen one of both sides' times. Times that are missing, 0 or negative are ignored.
  private func time(_ name: String, of sides: [JSONObject], choose: (Int64, Int64) -> Int64) -> SecretBytes? {
    let known = sides.compactMap { $0[name]?.integer }.filter { $0 > 0 }
    guard let first = known.first else { return upstream[name]?.raw ?? local[name]?.raw }
    return SecretBytes(utf8: String(known.dropFirst().reduce(first, choose)))
  }

  /// The base's count plus the uses of both sides since.
  private var timesUsed: SecretBytes? {
    func count(_ side: JSONObject) -> Int64 { max(0, min(side["timesUsed"]?.integer ?? 0, 1 << 52)) }
    guard local["timesUsed"] != nil || upstream["timesUsed"] != nil else { return nil }
    let known = sent.contains { count($0) == count(upstream) } ? count(upstream) : count(base)
    return SecretBytes(utf8: String(known + max(0, count(local) - known) + max(0, count(upstream) - known)))
  }

  // MARK: Members that Firefox does not know

  private var unknownNames: [String] {
    var names: [String] = []
    for member in upstream.members + local.members
    where !LoginRecord.knownMembers.contains(member.name) && !names.contains(where: { $0.isSameText(as: member.name) })
    {
      names.append(member.name)
    }
    return names
  }

  /// Returns the merged value of a member, as one side wrote it. A change wins over a removal.
  func unknown(_ value: (JSONObject) -> JSONValue?) -> SecretBytes? {
    let (local, upstream) = (value(local), value(upstream))
    let (b, l, u) = (Known.meaning(value(base)), Known.meaning(local), Known.meaning(upstream))
    if l == u { return upstream?.raw }
    if u == b || sent.contains(where: { Known.meaning(value($0)) == u }) { return local?.raw }
    if l == b, !isServerNew { return upstream?.raw }
    guard let local, let upstream else { return local?.raw ?? upstream?.raw }
    return isLocalNewer ? local.raw : upstream.raw
  }
}

/// Reads values for comparison by meaning.
enum Known {
  /// Returns a text. A missing value equals `null` but not `""`.
  static func text(_ value: JSONValue?) -> SecretBytes? {
    value.flatMap { $0.isNull ? nil : $0.secret ?? $0.raw }
  }

  /// Returns a value of a member that Firefox does not know. Firefox writes strings with other escapes than Lockwise.
  static func meaning(_ value: JSONValue?) -> SecretBytes? {
    value.map { $0.secret.map { JSONText.string($0) } ?? $0.raw }
  }
}
