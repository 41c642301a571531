import LockwiseCore

/// The keys of all collections: the cleartext of `crypto/keys` (Sync storage format 5, "crypto/keys").
struct CollectionKeys: Sendable {
  /// The cleartext as received, with unknown members.
  public let json: SecretBytes
  /// The keys of every collection without its own.
  let defaultBundle: SyncKeyBundle
  /// The keys of collections that have their own, by collection name.
  let collections: [String: SyncKeyBundle]

  /// Reads the cleartext of `crypto/keys`.
  ///
  /// - Parameter json: `{"default": [b64, b64], "collections": {name: [b64, b64]}}`; `id`, if there is one, must
  ///   be `keys`.
  /// - Throws: `Malformed` if it is something else.
  init(cleartext json: SecretBytes) throws {
    guard let object = (try? JSONValue(parsing: json))?.object,
      let bundle = object["default"].flatMap({ SyncKeyBundle(json: $0) })
    else { throw Malformed() }
    // The id is not covered by the MAC, so another record of the account could have been put in its place.
    if let id = object["id"], id.string?.isSameText(as: "keys") != true { throw Malformed() }
    var collections: [String: SyncKeyBundle] = [:]
    for member in object["collections"]?.object?.members ?? [] {
      guard let own = SyncKeyBundle(json: member.value) else { throw Malformed() }
      collections[member.name] = own
    }
    self.json = json
    defaultBundle = bundle
    self.collections = collections
  }

  /// The keys of a collection: its own, else the default.
  func bundle(for collection: String) -> SyncKeyBundle { collections[collection] ?? defaultBundle }

  /// The cleartext of `crypto/keys` is invalid.
  struct Malformed: Error, Equatable {}
}
