import LockwiseCore

/// The logins in a profile's `logins.json`, encrypted.
struct LoginsFile {
  /// The file's name.
  static let name = "logins.json"
  /// The name of its backup.
  static let backup = "logins-backup.json"
  /// The newest version of the format (`LoginStore.sys.mjs`, `kDataVersion`).
  private static let newestVersion: Int64 = 3

  private let logins: [JSONValue]

  /// Reads the file's object.
  ///
  /// - Throws: `FirefoxError.changedFormat`, `.futureFormat`.
  init(_ object: JSONObject) throws(FirefoxError) {
    // Versions before 2 had no number or 1. What changed since are other members.
    if let version = object["version"] {
      guard let number = version.integer else { throw .changedFormat(file: Self.name) }
      guard number <= Self.newestVersion else { throw .futureFormat(file: Self.name, version: number) }
    }
    guard let logins = object["logins"]?.array else { throw .changedFormat(file: Self.name) }
    self.logins = logins
  }

  /// Calls `body` with each login but the marks of deleted ones, until it returns `false`.
  func forEach(_ body: (LoginReading) throws -> Bool) rethrows {
    for (index, value) in logins.enumerated() {
      guard let object = value.object else {
        guard try body(.invalid(id: LoginReading.name(index + 1), .notAnObject)) else { return }
        continue
      }
      if object["deleted"]?.isTruthy ?? false { continue }
      guard try body(LoginReading(object, place: index + 1)) else { return }
    }
  }
}

/// The result of reading a stored login without its keys.
enum LoginReading {
  /// A login.
  case login(StoredLogin)
  /// Not a login: its id, or the name of its place, and the reason.
  case invalid(id: String, LoginRecordError)

  /// Names a place in the store, for logins without an id of their own.
  static func name(_ place: Int) -> String { "#\(place)" }

  /// Reads an object of `logins.json`.
  ///
  /// - Parameter place: its place in the list, from 1.
  init(_ object: JSONObject, place: Int) {
    let id = object["guid"]?.string ?? ""
    do throws(LoginRecordError) {
      self = .login(try StoredLogin(object, id: id, place: place))
    } catch {
      self = .invalid(id: LoginRecord.isValidID(id) ? id : LoginReading.name(place), error)
    }
  }
}

extension StoredLogin {
  private static let numberNames = ["timeCreated", "timePasswordChanged", "timeLastUsed", "timesUsed"]

  /// Reads an object of `logins.json`.
  fileprivate init(_ object: JSONObject, id: String, place: Int) throws(LoginRecordError) {
    guard LoginRecord.isValidID(id) else { throw .badID }
    func value<Value>(_ name: String, _ read: (JSONValue) -> Value?) throws(LoginRecordError) -> Value? {
      guard let member = object[name], !member.isNull else { return nil }
      guard let value = read(member) else { throw .wrongType(member: name) }
      return value
    }
    func required(_ name: String) throws(LoginRecordError) -> SecretBytes {
      guard let value = try value(name, \.secret) else { throw .wrongType(member: name) }
      return value
    }
    self.place = place
    self.id = id
    origin = try value("hostname", \.string) ?? ""
    formSubmitURL = try value("formSubmitURL", \.string)
    httpRealm = try value("httpRealm", \.string)
    usernameField = try value("usernameField", \.string) ?? ""
    passwordField = try value("passwordField", \.string) ?? ""
    numbers = Self.numberNames.compactMap { name in object[name]?.integer.map { (name, $0) } }
    secrets = .texts(
      username: try required("encryptedUsername"), password: try required("encryptedPassword"),
      unknown: object["encryptedUnknownFields"]?.secret)
  }
}
