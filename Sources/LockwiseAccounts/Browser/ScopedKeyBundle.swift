import LockwiseCore

/// The decrypted keys that the sign-in page sent: an object of JSON Web Keys by scope (Mozilla accounts, "Scoped keys").
enum ScopedKeyBundle {
  /// Returns the Sync key, which must be the only key.
  ///
  /// - Throws: `AccountsError.tamperedKeyBundle` if it is not a bundle that the page would send.
  static func oldSyncKey(in text: SecretBytes) throws(AccountsError) -> ScopedKey {
    let scope = ScopedKey.oldSyncScope
    guard let bundle = (try? JSONValue(parsing: text))?.object, bundle.members.count == 1,
      let entry = bundle[scope]?.object, entry.hasDistinctNames, entry["kty"]?.string == "oct",
      // Old pages omit it.
      entry["scope"].map({ $0.string == scope }) ?? true,
      let kid = entry["kid"]?.string, ScopedKey.isKeyID(kid),
      let key = entry["k"]?.secret.flatMap({ Base64.urlSafe.decode($0) }), key.count == 64
    else { throw .tamperedKeyBundle }
    return ScopedKey(scope: scope, key: key, kid: kid)
  }
}
