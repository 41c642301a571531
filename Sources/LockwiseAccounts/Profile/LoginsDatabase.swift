import LockwiseCore

/// The logins in a profile's `logins.db`, encrypted: the store of application-services (its component logins,
/// `schema.rs`), which newer versions of Firefox are moving to.
struct LoginsDatabase {
  /// The file's name.
  static let name = "logins.db"
  /// The preference that is on while Firefox uses this store (`LoginStorageMigrator.sys.mjs`).
  static let preference = "signon.storage.rust.active"
  /// The newest version of the schema that is known (`PRAGMA user_version`). Later ones are read if they have the same
  /// columns, as Firefox itself does.
  private static let newestVersion: Int64 = 5

  private let image: SQLiteImage

  /// Opens the database.
  ///
  /// - Throws: `FirefoxError.changedFormat`, `.futureFormat`.
  init(_ image: SQLiteImage) throws {
    self.image = image
    do {
      try image.forEachRow(Self.query, columns: 12) { _ in false }
    } catch is SQLiteImage.Failure {
      let version = try? image.rows("PRAGMA user_version", columns: 1)
      let number = version?.first?.first.flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
      throw number > Self.newestVersion
        ? FirefoxError.futureFormat(file: Self.name, version: number) : .changedFormat(file: Self.name)
    }
  }

  /// What Firefox lists: the local logins, and those of the server that no local one overrides. Members that Firefox
  /// keeps for other clients are in the server's version only. NULL becomes empty text, and other text begins with `=`.
  private static let query = """
    SELECT L.guid, L.origin, '=' || L.formActionOrigin, '=' || L.httpRealm, L.usernameField, L.passwordField,
      CAST(L.timeCreated AS TEXT), CAST(L.timePasswordChanged AS TEXT), CAST(L.timeLastUsed AS TEXT),
      CAST(L.timesUsed AS TEXT), L.secFields, M.enc_unknown_fields
    FROM loginsL L LEFT JOIN loginsM M ON M.guid = L.guid WHERE L.is_deleted = 0
    UNION ALL
    SELECT guid, origin, '=' || formActionOrigin, '=' || httpRealm, usernameField, passwordField,
      CAST(timeCreated AS TEXT), CAST(timePasswordChanged AS TEXT), CAST(timeLastUsed AS TEXT),
      CAST(timesUsed AS TEXT), secFields, enc_unknown_fields
    FROM loginsM WHERE is_overridden = 0
    """

  /// Calls `body` with each login that is not deleted, until it returns `false`.
  ///
  /// - Throws: `FirefoxError.changedFormat` if the database is damaged; the errors of `body`.
  func forEach(_ body: (LoginReading) throws -> Bool) throws {
    var place = 0
    do {
      try image.forEachRow(Self.query, columns: 12) { row in
        place += 1
        return try body(LoginReading(row, place: place))
      }
    } catch is SQLiteImage.Failure {
      throw FirefoxError.changedFormat(file: Self.name)
    }
  }
}

extension LoginReading {
  /// Reads a row of the query.
  fileprivate init(_ row: [[UInt8]], place: Int) {
    let id = String(decoding: row[0], as: UTF8.self)
    do throws(LoginRecordError) {
      self = .login(try StoredLogin(row, id: id, place: place))
    } catch {
      self = .invalid(id: LoginRecord.isValidID(id) ? id : LoginReading.name(place), error)
    }
  }
}

extension StoredLogin {
  /// Reads a row of the query.
  fileprivate init(_ row: [[UInt8]], id: String, place: Int) throws(LoginRecordError) {
    guard LoginRecord.isValidID(id) else { throw .badID }
    func text(_ column: Int, _ member: String) throws(LoginRecordError) -> String {
      guard row[column].withUnsafeBytes({ UTF8Text.isValid($0) }) else { throw .wrongType(member: member) }
      return String(decoding: row[column], as: UTF8.self)
    }
    func optional(_ column: Int, _ member: String) throws(LoginRecordError) -> String? {
      let text = try text(column, member)
      return text.isEmpty ? nil : String(text.dropFirst())
    }
    self.place = place
    self.id = id
    origin = try text(1, "hostname")
    formSubmitURL = try optional(2, "formSubmitURL")
    httpRealm = try optional(3, "httpRealm")
    usernameField = try text(4, "usernameField")
    passwordField = try text(5, "passwordField")
    numbers = ["timeCreated", "timePasswordChanged", "timeLastUsed", "timesUsed"].enumerated().compactMap {
      column, name in
      Int64(String(decoding: row[6 + column], as: UTF8.self)).map { (name, $0) }
    }
    secrets = .messages(
      fields: SecretBytes(copying: row[10]), unknown: row[11].isEmpty ? nil : SecretBytes(copying: row[11]))
  }
}
