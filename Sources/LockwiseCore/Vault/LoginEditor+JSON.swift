/// Operations on whole records in JSON.
extension LoginEditor {
  /// Replaces a login by a record, with every member as given.
  ///
  /// If the password differs and the record's `timePasswordChanged` does not, `timePasswordChanged` is set to the
  /// current time.
  ///
  /// - Parameters:
  ///   - guid: the login's GUID, and the record's.
  ///   - json: the record; its `id` may be missing.
  /// - Returns: the stored login.
  /// - Throws: `Failure`; `LoginRecordError` if Firefox would refuse the record; `VaultError`; `CryptoError`.
  @discardableResult
  public func replace(guid: String, json: SecretBytes) throws -> LoginRecord {
    var login = try Self.record(json, guid: guid)
    let update = try begin()
    guard let known = try update.login(guid: guid) else { throw Failure.noSuchLogin }
    if login.password != known.password, login.timePasswordChanged <= known.timePasswordChanged {
      login = try login.setting([("timePasswordChanged", now())])
    }
    if !login.isSameLogin(as: known), let other = try update.sameLogins(as: login).first {
      throw Failure.duplicate(of: other.guid)
    }
    return try store(login, over: known, update)
  }

  /// Adds a record, with every member as given. Missing times are set to the current time. If Firefox would treat an
  /// existing login as the same one, that login gets the record's password and unknown members instead.
  ///
  /// - Parameters:
  ///   - json: the record; its `id` may be missing.
  ///   - guid: the id; `nil` makes one.
  /// - Returns: the stored login.
  /// - Throws: `Failure.duplicate` if the id is in use; `LoginRecordError` if Firefox would refuse the record;
  ///   `VaultError`; `CryptoError`.
  @discardableResult
  public func add(json: SecretBytes, guid: String?) throws -> LoginRecord {
    let guid = try guid ?? LoginGUID.make(vault.random)
    var login = try Self.record(json, guid: guid)
    let update = try begin()
    guard try update.login(guid: guid) == nil else { throw Failure.duplicate(of: guid) }
    if let known = try update.sameLogins(as: login).first {
      var changes = LoginChanges()
      changes.password = login.password
      changes.members = login.unknownMembers.map { ($0.name, $0.json) }
      return try store(known.changed(by: changes, now: now()), over: known, update)
    }
    var times: [(String, Milliseconds)] = []
    if login.timeCreated == 0 { times.append(("timeCreated", now())) }
    if login.timePasswordChanged == 0 { times.append(("timePasswordChanged", now())) }
    login = try login.setting(times)
    let pending = try update.outboxEntry(guid: guid)
    try update.store(login)
    try update.setOutbox(
      OutboxEntry(guid: guid, after: pending, over: nil, changed: now(), revision: revision()))
    try finish(update)
    return login
  }

  /// Parses and checks a record before it is written.
  ///
  /// - Throws: `LoginRecordError` if Firefox would refuse it.
  public static func record(_ json: SecretBytes, guid: String) throws -> LoginRecord {
    guard let object = (try? JSONValue(parsing: json))?.object else { throw LoginRecordError.notAnObject }
    guard object["id"] == nil else { return try LoginRecord(json: json, bsoID: guid) }
    var writer = JSONObjectWriter()
    writer.member("id", guid)
    for member in object.members { writer.member(member.name, json: member.value.raw) }
    return try LoginRecord(json: writer.finish(), bsoID: guid)
  }
}

extension LoginRecord {
  /// Returns the record with other values for some integers. Every other member keeps its bytes.
  fileprivate func setting(_ values: [(name: String, value: Milliseconds)]) throws -> LoginRecord {
    guard !values.isEmpty, let object = try JSONValue(parsing: json).object else { return self }
    let members = values.map { (name: $0.name, json: SecretBytes?.some($0.value.json)) }
    return try LoginRecord(json: object.replacing(members), bsoID: guid)
  }
}
