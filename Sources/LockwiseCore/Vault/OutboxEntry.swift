/// A change that is not uploaded yet. The vault's logins already contain it.
public struct OutboxEntry: Sendable {
  /// The login's GUID.
  public let guid: String
  /// Whether the login was deleted.
  public var isDeletion: Bool
  /// The GUID of the login that a deleted one was a duplicate of; `nil` if the user deleted it.
  public var unitedWith: String?
  /// The server's record or tombstone that the change is based on, as JSON; `nil` if the server had neither.
  public var base: SecretBytes?
  /// The time of the change by this machine's clock.
  public var changed: Milliseconds
  /// A number that differs for every change, so that a change made during an upload is not mistaken for the uploaded
  /// one.
  public var revision: Int64
  /// Whether an upload was begun. The server may then have the login although `base` is `nil`.
  public var wasSent: Bool
  /// The records and tombstones whose upload was begun without a response, as JSON, oldest first. A record on the
  /// server that equals one of them was uploaded by this client.
  public private(set) var sent: [SecretBytes] = []
  /// The server's reason for refusing the change; `nil` if it did not refuse it.
  public var refusal: String?

  /// The maximum number of records in `sent`. Each response and each downloaded record empties it, so it is long only
  /// if uploads fail repeatedly between edits.
  static let sentLimit = 16

  /// Makes an entry with all its members.
  public init(
    guid: String, isDeletion: Bool = false, base: SecretBytes?, changed: Milliseconds, revision: Int64 = 1,
    wasSent: Bool = false
  ) {
    self.guid = guid
    self.isDeletion = isDeletion
    self.base = base
    self.changed = changed
    self.revision = revision
    self.wasSent = wasSent
  }

  /// Makes the entry of a new change to a login that may have an entry already.
  ///
  /// - Parameters:
  ///   - guid: the login's GUID.
  ///   - isDeletion: whether the change deletes the login.
  ///   - pending: the login's present entry, whose knowledge of the server is kept.
  ///   - known: the login before the change, which is the server's version if there is no entry; `nil` if it is new.
  ///   - changed: the time of the change.
  ///   - revision: a number that differs for every change.
  init(
    guid: String, isDeletion: Bool = false, after pending: OutboxEntry?, over known: SecretBytes?,
    changed: Milliseconds,
    revision: Int64
  ) {
    self.init(
      guid: guid, isDeletion: isDeletion, base: pending == nil ? known : pending?.base, changed: changed,
      revision: revision, wasSent: pending?.wasSent ?? false)
    sent = pending?.sent ?? []
  }

  /// The mark that deletes the login on the server.
  public var tombstone: Tombstone { Tombstone(guid: guid, unitedWith: unitedWith) }

  /// Records that the upload of a record begins.
  ///
  /// - Returns: whether the entry changed.
  public mutating func recordUpload(_ json: SecretBytes) -> Bool {
    if wasSent, sent.last == json { return false }
    wasSent = true
    sent.removeAll { $0 == json }
    sent.append(json)
    if sent.count > Self.sentLimit { sent.removeFirst() }
    return true
  }

  /// Records the server's present version. Earlier uploads can no longer arrive, because each depended on an older
  /// version.
  ///
  /// - Parameter json: the server's record or tombstone as JSON; `nil` if it has neither.
  public mutating func recordServerVersion(_ json: SecretBytes?) {
    base = json
    wasSent = true
    sent = []
  }
}

extension OutboxEntry: ListRow {
  static let kind = ListKind.outbox
  package var key: String { guid }

  package init(_ codec: inout DocumentCodec, _ stored: OutboxEntry?) throws {
    self.init(
      guid: try codec.required("guid", stored?.guid), isDeletion: try codec.required("deletion", stored?.isDeletion),
      base: nil, changed: try codec.required("changed", stored?.changed),
      revision: try codec.required("revision", stored?.revision), wasSent: try codec.required("sent", stored?.wasSent))
    unitedWith = try codec.optional("unitedWith", stored?.unitedWith)
    base = try codec.optional("base", stored?.base)
    sent = try codec.optional("unanswered", stored.flatMap { $0.sent.isEmpty ? nil : $0.sent }) ?? []
    refusal = try codec.optional("refusal", stored?.refusal)
  }
}
