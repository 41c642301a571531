import Foundation
import Testing

@testable import LockwiseAccounts
@testable import LockwiseCore
@testable import LockwiseHostSupport

/// A Firefox and what Lockwise reads in its profile.
struct FirefoxProfileReading {
  let firefox: FirefoxProcess
  /// An existing directory for copies of databases.
  let scratch: String

  /// The logins that Lockwise reads, as JSON with sorted names.
  func logins(_ primaryPassword: String = "") throws -> [String] {
    try Self.logins(in: firefox.profile, scratch: scratch, primaryPassword)
  }

  /// The logins that Lockwise reads in a profile, as JSON with sorted names.
  static func logins(in directory: String, scratch: String, _ primaryPassword: String = "") throws -> [String] {
    let profile = try ProfileLogins(of: directory, copyIn: [scratch])
    var logins: [String] = []
    try profile.forEach(profile.key(primaryPassword: SecretBytes(utf8: primaryPassword))) { login in
      switch login {
      case .login(let record):
        let object = try JSONSerialization.jsonObject(with: Data((record.json.exposedText() ?? "").utf8))
        logins.append(try sorted(object))
      case .refused(let id, let reason): Issue.record("\(id): \(reason)")
      }
    }
    #expect(profile.count == logins.count)
    return logins.sorted()
  }

  /// The logins that Firefox lists, with all their members.
  func listed() throws -> [String] { try firefox.loginRecords().map { try Self.sorted($0) }.sorted() }

  static func sorted(_ object: Any) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
  }

  /// Waits until Firefox has written its logins, a second or two after the last change.
  func awaitSaved() throws {
    try firefox.executeBrowserScript(
      """
      const { LoginManagerStorage } = ChromeUtils.importESModule("resource://passwordmgr/passwordstorage.sys.mjs");
      await Services.logins.initializationPromise;
      const storage = Services.logins.wrappedJSObject?._storage;
      if (storage?._store) await storage._store._save();
      """)
  }

  /// Saves logins with all their members, times and ids included.
  func add(_ logins: [[String: Any]]) throws {
    try firefox.executeBrowserScript(
      """
      const logins = args[0].map(m => {
        const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
        login.init(m.origin, m.formActionOrigin, m.httpRealm, m.username, m.password, m.usernameField, m.passwordField);
        login.QueryInterface(Ci.nsILoginMetaInfo);
        for (const name of ["guid", "timeCreated", "timeLastUsed", "timePasswordChanged", "timesUsed"]) {
          login[name] = m[name];
        }
        if (m.unknownFields) login.unknownFields = JSON.stringify(m.unknownFields);
        return login;
      });
      await Services.logins.addLogins(logins);
      """, [logins])
  }

  /// All files of the profile with their contents and times.
  func listing() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: firefox.profile).sorted().map { name in
      let path = firefox.profile + "/" + name
      var info = stat()
      lstat(path, &info)
      let digest =
        info.st_mode & S_IFMT == S_IFREG ? Hex.encode(try SHA256.hash(Array(try Self.content(of: path)))) : ""
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
