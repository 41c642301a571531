/// A change that is not on the server yet. The login itself is among the vault's logins already, or is gone from there.
public struct OutboxEntry: Sendable {
  /// The login's GUID.
  public let guid: String
  /// Whether the login was deleted.
  public var isDeletion: Bool
  /// Of a deletion: the GUID of the login that this one turned out to be the same as, if that is why.
  public var unitedWith: String?
  /// The server's record that the change is based on, as JSON, a tombstone too; `nil` if the server had none.
  public var base: SecretBytes?
  /// When the change was made, milliseconds since 1970 by this machine's clock.
  public var changed: Int64
  /// Differs for every change, so that what was sent is not taken for what was changed meanwhile.
  public var revision: Int64
  /// Whether an upload was begun: then the server may know the login although `base` is `nil`.
  public var wasSent: Bool
  /// The records whose upload was begun and whose response never came, as JSON, oldest first, tombstones included. A
  /// record of the server's that equals one of them is this client's own.
  public private(set) var sent: [SecretBytes] = []
  /// Why the server does not take the change; `nil` if it did not say so.
  public var refusal: String?

  /// The most records in `sent`. Each response and each record that comes from the server empties it, so more than a
  /// few mean that the network fails again and again between edits.
  static let sentLimit = 16

  /// Makes an entry.
  public init(
    guid: String, isDeletion: Bool = false, base: SecretBytes?, changed: Int64, revision: Int64 = 1,
    wasSent: Bool = false
  ) {
    self.guid = guid
    self.isDeletion = isDeletion
    self.base = base
    self.changed = changed
    self.revision = revision
    self.wasSent = wasSent
  }

  /// Makes the entry of a change to a login that may have one already.
  ///
  /// - Parameters:
  ///   - guid: the login's GUID.
  ///   - isDeletion: whether the change deletes the login.
  ///   - pending: the login's entry; what it knows of the server is kept.
  ///   - known: the login before the change, the server's version if there is no entry; `nil` if it is new.
  ///   - changed: when the change was made, milliseconds since 1970.
  ///   - revision: a number that no other change has.
  init(
    guid: String, isDeletion: Bool = false, after pending: OutboxEntry?, over known: SecretBytes?, changed: Int64,
    revision: Int64
  ) {
    self.init(
      guid: guid, isDeletion: isDeletion, base: pending == nil ? known : pending?.base, changed: changed,
      revision: revision, wasSent: pending?.wasSent ?? false)
    sent = pending?.sent ?? []
  }

  /// The mark that deletes the login on the server.
  public var tombstone: Tombstone { Tombstone(guid: guid, unitedWith: unitedWith) }

  /// Notes that the upload of a record begins.
  ///
  /// - Returns: whether that was not noted before.
  public mutating func noteSending(_ json: SecretBytes) -> Bool {
    if wasSent, sent.last == json { return false }
    wasSent = true
    sent.removeAll { $0 == json }
    sent.append(json)
    if sent.count > Self.sentLimit { sent.removeFirst() }
    return true
  }

  /// Notes what the server has: none of the earlier uploads can arrive any more, for each of them depended on an older
  /// state of the server.
  ///
  /// - Parameter json: the server's record, or tombstone; `nil` if it has none.
  public mutating func noteServer(_ json: SecretBytes?) {
    base = json
    wasSent = true
    sent = []
  }

  init?(text: SecretBytes) {
    guard let object = (try? JSONValue(parsing: text))?.object, let guid = object["guid"]?.string,
      let isDeletion = object["deletion"]?.bool, let changed = object["changed"]?.integer,
      let revision = object["revision"]?.integer, let wasSent = object["sent"]?.bool
    else { return nil }
    self.init(
      guid: guid, isDeletion: isDeletion, base: object["base"]?.secret, changed: changed, revision: revision,
      wasSent: wasSent)
    unitedWith = object["unitedWith"]?.string
    let records = object["unanswered"]?.array?.map(\.secret) ?? []
    guard !records.contains(nil) else { return nil }
    sent = records.compactMap(\.self)
    refusal = object["refusal"]?.string
  }

  /// The entry as it is sealed. Records are strings in it: as objects they might nest too deep for a reader.
  var text: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("guid", guid)
    writer.member("deletion", isDeletion)
    writer.member("changed", changed)
    writer.member("revision", revision)
    writer.member("sent", wasSent)
    if let unitedWith { writer.member("unitedWith", unitedWith) }
    if let base { writer.member("base", secret: base) }
    if !sent.isEmpty { writer.member("unanswered", jsonArray: sent.map { JSONText.string($0) }) }
    if let refusal { writer.member("refusal", refusal) }
    return writer.finish()
  }
}
