import CSQLite
import Foundation
import LockwiseCore
import LockwiseTestSupport

@testable import LockwiseAccounts

/// A profile in a temporary directory, with the files of a fixture of `Tests/Fixtures/nss`.
final class FakeProfile {
  static let uid = "00112233445566778899aabbccddeeff"
  static let password = "röntgen"
  static let fixtures = TestVectors.fixtures.appendingPathComponent("nss")

  let directory: String
  /// An empty directory for copies.
  let scratch: String

  init(_ fixture: String? = nil) throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("lockwise-" + UUID().uuidString).path
    directory = root + "/profile"
    scratch = root + "/scratch"
    for path in [directory, scratch] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    try write(
      "signedInUser.json",
      """
      {"version":1,"accountData":{"email":"irene@example.org","uid":"\(Self.uid)",\
      "sessionToken":"\(String(repeating: "5e", count: 32))","verified":true}}
      """)
    guard let fixture else { return }
    let folder = Self.fixtures.appendingPathComponent(fixture).path
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try FileManager.default.copyItem(
        at: Self.fixtures.appendingPathComponent(fixture).appendingPathComponent(name),
        to: URL(fileURLWithPath: directory + "/" + name))
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: (directory as NSString).deletingLastPathComponent) }

  var profile: FirefoxProfile { FirefoxProfile(name: "test", directory: directory, isDefault: false) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/" + name))
  }

  func remove(_ name: String) { unlink(directory + "/" + name) }

  /// Changes the object in `logins.json`.
  func changeLogins(_ change: (inout [String: Any]) -> Void) throws {
    let url = URL(fileURLWithPath: directory + "/logins.json")
    var object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
    change(&object)
    try JSONSerialization.data(withJSONObject: object).write(to: url)
  }

  /// Changes one of the logins in `logins.json`.
  func changeLogin(_ index: Int, _ change: (inout [String: Any]) -> Void) throws {
    try changeLogins { object in
      var logins = object["logins"] as? [[String: Any]] ?? []
      change(&logins[index])
      object["logins"] = logins
    }
  }

  /// Runs statements on one of the databases.
  func execute(_ sql: String, on name: String = "key4.db") throws {
    var database: OpaquePointer?
    defer { sqlite3_close(database) }
    guard sqlite3_open(directory + "/" + name, &database) == SQLITE_OK,
      sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK
    else { throw SQLiteProblem(message: String(cString: sqlite3_errmsg(database))) }
  }

  struct SQLiteProblem: Error { let message: String }

  func logins() throws -> ProfileLogins { try ProfileLogins(of: directory, copyIn: [scratch]) }

  func account() throws -> FirefoxAccount? { try FirefoxAccount(of: profile) }

  func keys() throws -> FirefoxKeys {
    guard let account = try account() else { throw FirefoxError.notSignedIn(profile: nil) }
    return try FirefoxKeys(of: profile, account: account, copyIn: [scratch])
  }

  func syncKey(_ primaryPassword: String = "") throws -> ScopedKey {
    try keys().syncKey(primaryPassword: SecretBytes(utf8: primaryPassword))
  }

  /// The key in all fixtures.
  static var key: ScopedKey {
    ScopedKey(
      scope: ScopedKey.oldSyncScope, key: SecretBytes(copying: Array(0..<64)),
      kid: "1512345678901-AAECAwQFBgcICQoLDA0ODw")
  }

  /// All files with their contents and times of last change and last access.
  func listing() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: directory).sorted().map { name in
      var info = stat()
      lstat(directory + "/" + name, &info)
      let digest = Hex.encode(try SHA256.hash(Array(try Self.content(of: directory + "/" + name))))
      return "\(name) \(info.st_mode) \(info.st_ino) \(info.st_mtim) \(info.st_ctim) \(info.st_atim) \(digest)"
    }
  }

  /// Reads a file without changing its time of last access (open(2), O_NOATIME).
  private static func content(of path: String) throws -> Data {
    let descriptor = open(path, O_RDONLY | 0o1000000)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readToEnd() ?? Data()
  }
}
