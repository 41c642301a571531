import LockwiseCore

/// A login as a profile stores it: its secrets are still encrypted.
struct StoredLogin {
  /// The encrypted parts.
  enum Secrets {
    /// Texts of `logins.json`: Base64 of what NSS encrypted. `unknown` is a JSON object, `nil` or empty if there is none.
    case texts(username: SecretBytes, password: SecretBytes, unknown: SecretBytes?)
    /// Messages of `logins.db`: an object with the members `u` and `p`, and an object with the unknown members.
    case messages(fields: SecretBytes, unknown: SecretBytes?)
  }

  /// The origin of the login that holds the keys of Firefox's account.
  static let originOfKeys = "chrome://FirefoxAccounts"

  /// Its place in the store, from 1.
  let place: Int
  /// The GUID.
  let id: String
  /// The origin (member `hostname` of a record).
  let origin: String
  let formSubmitURL: String?
  let httpRealm: String?
  let usernameField: String
  let passwordField: String
  /// Times in milliseconds since 1970, and the number of uses, by their names in a record.
  let numbers: [(name: String, value: Int64)]
  let secrets: Secrets

  /// Whether it is a login of the user. Firefox shows and syncs every login but the one with the keys of its account
  /// (`LoginHelper.isUserFacingLogin`).
  var isOfUser: Bool { origin != Self.originOfKeys }

  /// Decrypts it.
  ///
  /// - Returns: the login as a record of Sync.
  /// - Throws: `StoredLoginError`, `LoginRecordError` if it cannot be used; `CryptoError.unavailable` if libcrypto fails.
  func record(_ keys: NSSKeys) throws -> LoginRecord {
    let decrypted = try decrypt(keys)
    var writer = JSONObjectWriter()
    writer.member("id", id)
    writer.member("hostname", origin)
    for (name, text) in [("formSubmitURL", formSubmitURL), ("httpRealm", httpRealm)] {
      if let text { writer.member(name, text) } else { writer.memberNull(name) }
    }
    writer.member("username", secret: decrypted.username)
    writer.member("password", secret: decrypted.password)
    writer.member("usernameField", usernameField)
    writer.member("passwordField", passwordField)
    for (name, value) in numbers { writer.member(name, value) }
    for (name, value) in Self.unknownMembers(decrypted.unknown) { writer.member(name, json: value) }
    return try LoginRecord(json: writer.finish(), bsoID: id)
  }

  /// Decrypts the user name, to find out whether the keys are those of the login.
  ///
  /// - Throws: `StoredLoginError`; `CryptoError.unavailable` if libcrypto fails.
  func check(_ keys: NSSKeys) throws {
    switch secrets {
    case .texts(let username, _, _): _ = try keys.decrypt(text: username)
    case .messages(let fields, _): _ = try keys.decrypt(message: fields)
    }
  }

  private typealias Decrypted = (username: SecretBytes, password: SecretBytes, unknown: SecretBytes?)

  private func decrypt(_ keys: NSSKeys) throws -> Decrypted {
    // Firefox shows a login whose unknown members are damaged, without them.
    switch secrets {
    case .texts(let username, let password, let unknown):
      return (
        try keys.decrypt(text: username), try keys.decrypt(text: password),
        unknown.flatMap { try? keys.decrypt(text: $0) }
      )
    case .messages(let fields, let unknown):
      let text = try keys.decrypt(message: fields)
      guard let object = try? JSONObject(parsing: text), let username = object["u"]?.secret,
        let password = object["p"]?.secret
      else {
        throw StoredLoginError.malformed
      }
      return (username, password, unknown.flatMap { try? keys.decrypt(message: $0) })
    }
  }

  /// The members that Firefox keeps for other clients. They never replace those that a record has already.
  private static func unknownMembers(_ text: SecretBytes?) -> [(name: String, json: SecretBytes)] {
    guard let text, let object = try? JSONObject(parsing: text) else { return [] }
    var names = LoginRecord.knownMembers.union(["deleted"])
    return object.members.compactMap { member in
      // The last of several members with one name counts, as everywhere.
      guard names.insert(member.name).inserted, let value = object[member.name] else { return nil }
      return (member.name, value.raw)
    }
  }
}

extension NSSKeys {
  /// Decrypts a text of `logins.json`.
  ///
  /// - Throws: `StoredLoginError`; `CryptoError.unavailable` if libcrypto fails.
  fileprivate func decrypt(text: SecretBytes) throws -> SecretBytes {
    if text.withUnsafeBytes({ $0.first == UInt8(ascii: "~") }) { throw StoredLoginError.obscured }
    guard let der = Base64.standard.decode(text) else { throw StoredLoginError.undecryptable }
    return try readable { try decrypt(NSSEncryptedText(der.withUnsafeBytes { Array($0) })) }
  }

  /// Decrypts a message of `logins.db`.
  ///
  /// - Throws: `StoredLoginError`; `CryptoError.unavailable` if libcrypto fails.
  fileprivate func decrypt(message: SecretBytes) throws -> SecretBytes {
    try readable { try decrypt(CompactJWE(message)) }
  }

  private func readable(_ decrypt: () throws -> SecretBytes) throws -> SecretBytes {
    let text: SecretBytes
    do {
      text = try decrypt()
    } catch CryptoError.unavailable {
      throw CryptoError.unavailable
    } catch {
      throw StoredLoginError.undecryptable
    }
    guard text.withUnsafeBytes({ UTF8Text.isValid($0) }) else { throw StoredLoginError.undecryptable }
    return text
  }
}
