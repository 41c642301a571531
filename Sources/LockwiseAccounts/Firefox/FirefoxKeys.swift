import LockwiseCore

/// The keys that Firefox keeps for its account, among its saved logins (`logins.json`, `key4.db`).
public struct FirefoxKeys {
  private static let file = LoginsFile.name
  private static let realm = "Firefox Accounts credentials"

  private let store: NSSKeyStore
  private let logins: [JSONObject]
  private let account: FirefoxAccount

  /// Reads the files of a profile.
  ///
  /// - Parameters:
  ///   - profile: the profile.
  ///   - account: the account signed in there.
  ///   - places: directories for a copy of a database that is being written, in order of preference.
  /// - Throws: `FirefoxError`.
  public init(of profile: FirefoxProfile, account: FirefoxAccount, copyIn places: [String]) throws {
    let files = ProfileFile(profile.directory)
    guard let object = try files.object(Self.file, with: [], backup: LoginsFile.backup).object else {
      throw FirefoxError.noSyncKey
    }
    try self.init(store: Self.store(files, places), logins: object, account: account)
  }

  /// Whether a primary password is set; `nil` if the profile has no keys that show it.
  public static func needsPrimaryPassword(_ profile: FirefoxProfile, copyIn places: [String]) -> Bool? {
    guard let store = try? store(ProfileFile(profile.directory), places) else { return nil }
    do {
      _ = try store.passwordKey(SecretBytes(utf8: ""))
      return false
    } catch {
      return error as? FirefoxError == .wrongPrimaryPassword ? true : nil
    }
  }

  init(store: NSSKeyStore, logins object: JSONObject, account: FirefoxAccount) throws {
    guard let list = object["logins"]?.array else { throw FirefoxError.changedFormat(file: Self.file) }
    self.store = store
    self.account = account
    logins = list.compactMap(\.object).filter {
      $0["hostname"]?.string == StoredLogin.originOfKeys && $0["httpRealm"]?.string == Self.realm
    }
    guard !logins.isEmpty else { throw FirefoxError.noSyncKey }
  }

  private static func store(_ files: ProfileFile, _ places: [String]) throws -> NSSKeyStore {
    guard files.exists(NSSKeyStore.file) else {
      throw files.exists("key3.db") ? FirefoxError.oldFormat : FirefoxError.missingFile(NSSKeyStore.file)
    }
    return try files.withDatabase(NSSKeyStore.file, copyIn: places) { try NSSKeyStore($0) }
  }

  /// Returns the Sync key.
  ///
  /// - Parameter primaryPassword: empty if there is none.
  /// - Throws: `FirefoxError.wrongPrimaryPassword`, `.noSyncKey`, `.changedFormat`; `CryptoError`.
  public func syncKey(primaryPassword: SecretBytes) throws -> ScopedKey {
    let keys = try store.keys(store.passwordKey(primaryPassword))
    for login in logins {
      let username = try decrypt(login["encryptedUsername"], keys).exposedText()
      // Before Firefox 43 it was the address.
      guard username == account.uid || username == account.email else { continue }
      return try Self.syncKey(in: decrypt(login["encryptedPassword"], keys))
    }
    throw FirefoxError.noSyncKey
  }

  private func decrypt(_ value: JSONValue?, _ keys: NSSKeys) throws -> SecretBytes {
    guard let text = value?.string, let der = Base64.standard.decode(text) else {
      throw FirefoxError.changedFormat(file: Self.file)
    }
    do {
      return try keys.decrypt(NSSEncryptedText(der))
    } catch is DERError {
      throw FirefoxError.changedFormat(file: Self.file)
    } catch CryptoError.authenticationFailure, CryptoError.incorrectSize {
      throw FirefoxError.changedFormat(file: Self.file)
    }
  }

  /// Reads the password of Firefox's own login: an object of the account's secrets, with `scopedKeys`.
  static func syncKey(in text: SecretBytes) throws(FirefoxError) -> ScopedKey {
    guard let object = (try? JSONValue(parsing: text))?.object, object["version"]?.integer == 1 else {
      throw .changedFormat(file: Self.file)
    }
    let scope = ScopedKey.oldSyncScope
    guard let key = object["accountData"]?.object?["scopedKeys"]?.object?[scope]?.object else { throw .noSyncKey }
    guard key["kty"]?.string == "oct", key["scope"].map({ $0.string == scope }) ?? true,
      let kid = key["kid"]?.string, ScopedKey.isKeyID(kid), let encoded = key["k"]?.secret,
      let bytes = Base64.urlSafe.decode(encoded), bytes.count == 64
    else { throw .changedFormat(file: Self.file) }
    return ScopedKey(scope: scope, key: bytes, kid: kid)
  }
}
