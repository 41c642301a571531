/// A change that is not on the server yet. The login itself is among the vault's logins already, or is gone from there.
public struct OutboxEntry: Sendable {
  /// The login's GUID.
  public let guid: String
  /// Whether the login was deleted.
  public var isDeletion: Bool
  /// Of a deletion: the GUID of the login that this one turned out to be the same as, if that is why.
  public var unitedWith: String?
  /// The server's record that the change is based on, as JSON; `nil` if the server had none.
  public var base: SecretBytes?
  /// When the change was made, milliseconds since 1970 by this machine's clock.
  public var changed: Int64
  /// Differs for every change, so that what was sent is not taken for what was changed meanwhile.
  public var revision: Int64
  /// Whether an upload was begun: then the server may know the login although `base` is `nil`.
  public var wasSent: Bool

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

  init?(text: SecretBytes) {
    guard let object = (try? JSONValue(parsing: text))?.object, let guid = object["guid"]?.string,
      let isDeletion = object["deletion"]?.bool, let changed = object["changed"]?.integer,
      let revision = object["revision"]?.integer, let wasSent = object["sent"]?.bool
    else { return nil }
    self.init(
      guid: guid, isDeletion: isDeletion, base: object["base"]?.raw, changed: changed, revision: revision,
      wasSent: wasSent)
    unitedWith = object["unitedWith"]?.string
  }

  var text: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("guid", guid)
    writer.member("deletion", isDeletion)
    writer.member("changed", changed)
    writer.member("revision", revision)
    writer.member("sent", wasSent)
    if let unitedWith { writer.member("unitedWith", unitedWith) }
    if let base { writer.member("base", json: base) }
    return writer.finish()
  }
}
