/// Former passwords, in the member `lockwise.passwordHistory`.
extension LockwiseMember {
  /// The number of former passwords that are kept.
  static let historyLimit = 5
  private static let historyName = "passwordHistory"

  /// A password that was replaced or that lost a merge conflict.
  public struct FormerPassword: Equatable, Sendable {
    /// The password.
    public let password: SecretBytes
    /// The time when it was set; 0 if unknown.
    public let time: Milliseconds
  }

  /// Returns the former passwords of a record, newest first.
  static func history(of record: JSONObject) -> [FormerPassword] {
    record[name]?.object.map { history(in: $0) } ?? []
  }

  /// Returns the former passwords in a member `lockwise`, newest first.
  static func history(in member: JSONObject) -> [FormerPassword] {
    (member[historyName]?.array ?? []).compactMap { element in
      guard let object = element.object, let password = object["password"]?.secret, !password.isEmpty else {
        return nil
      }
      return FormerPassword(password: password, time: Milliseconds(max(0, object["time"]?.integer ?? 0)))
    }
  }

  /// Returns the member's text with the newest five of these former passwords, without duplicates.
  ///
  /// - Parameter member: the present member; anything but an object is replaced.
  static func text(_ member: SecretBytes?, history: [FormerPassword]) -> SecretBytes {
    text(member, replacing: [setting(history: history)])
  }

  /// Returns whether two records are equal but for their former passwords.
  static func differOnlyInHistory(_ one: JSONObject, _ other: JSONObject) -> Bool {
    guard one.hasSameMembers(as: other, except: [name]) else { return false }
    let (ours, theirs) = (one[name]?.object ?? .empty, other[name]?.object ?? .empty)
    return ours.hasSameMembers(as: theirs, except: [historyName])
  }

  /// Returns a value for the history: the newest five of these passwords, without duplicates.
  ///
  /// - Parameters:
  ///   - history: former passwords in any order. Clients that merge the same passwords write the same history.
  ///   - replaced: the password that is replaced now. It is kept even if a wrong clock makes it the oldest.
  static func setting(
    history: [FormerPassword], replaced: FormerPassword? = nil
  ) -> (name: String, json: SecretBytes?) {
    var kept: [FormerPassword] = replaced.map { [$0] } ?? []
    for former in history.sorted(by: isNewer) where kept.count < historyLimit {
      if !kept.contains(former) { kept.append(former) }
    }
    let elements = kept.sorted(by: isNewer).map { former in
      var writer = JSONObjectWriter()
      writer.member("password", secret: former.password)
      writer.member("time", former.time.rawValue)
      return writer.finish()
    }
    return (historyName, JSONText.array(elements))
  }

  /// Orders by time, and passwords of one time by their bytes.
  private static func isNewer(_ left: FormerPassword, _ right: FormerPassword) -> Bool {
    if left.time != right.time { return left.time > right.time }
    return left.password.withUnsafeBytes { l in right.password.withUnsafeBytes { l.lexicographicallyPrecedes($0) } }
  }
}

extension LoginRecord {
  /// The former passwords, newest first, at most five.
  public var formerPasswords: [LockwiseMember.FormerPassword] {
    LockwiseMember.history(in: LockwiseMember.object(lockwise))
  }

  /// The present password as a former one; `nil` if it is the placeholder for an empty first line.
  ///
  /// - Parameter now: the current time, which is used if the record has no time.
  func replacedPassword(now: Milliseconds) -> LockwiseMember.FormerPassword? {
    guard !hasPlaceholderPassword else { return nil }
    let known = timePasswordChanged > 0 ? timePasswordChanged : timeCreated
    return LockwiseMember.FormerPassword(password: password, time: known > 0 ? known : now)
  }
}
