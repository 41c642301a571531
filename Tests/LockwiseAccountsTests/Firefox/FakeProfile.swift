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
    for name in ["key4.db", "logins.json"] {
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

  /// All files with their contents and times of last change.
  func listing() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: directory).sorted().map { name in
      var info = stat()
      lstat(directory + "/" + name, &info)
      let content = FileManager.default.contents(atPath: directory + "/" + name) ?? Data()
      let digest = try SHA256.hash(Array(content))
      return "\(name) \(info.st_mode) \(info.st_ino) \(info.st_mtim) \(info.st_ctim) \(Hex.encode(digest))"
    }
  }
}
