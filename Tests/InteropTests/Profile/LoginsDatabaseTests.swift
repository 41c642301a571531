import Foundation
import Testing

@testable import LockwiseAccounts
@testable import LockwiseHostSupport

extension InteropTests {
  /// The database of logins of a real Firefox, which Firefox ESR 153 keeps as a copy if a setting says so.
  @Suite(.serialized) final class LoginsDatabaseTests {
    private let scratch: Scratch
    private let firefox: FirefoxProcess
    private let reading: FirefoxProfileReading

    init() throws {
      scratch = try Scratch()
      firefox = try FirefoxProcess(
        in: scratch.root,
        preferences: ["signon.rustMirror.enabled": true, "signon.rustMirror.migrationNeeded": true])
      reading = FirefoxProfileReading(firefox: firefox, scratch: scratch.root + "/home")
    }

    /// The logins that Firefox lists in its database.
    private func listedInDatabase() throws -> [String] {
      let list = try firefox.executeBrowserScript(
        """
        const { LoginManagerRustStorage } = ChromeUtils.importESModule("resource://gre/modules/storage-rust.sys.mjs");
        const storage = await new LoginManagerRustStorage().initialize();
        return (await storage.getAllLogins()).map(login => ({
          id: login.guid, hostname: login.origin, formSubmitURL: login.formActionOrigin, httpRealm: login.httpRealm,
          username: login.username, password: login.password, usernameField: login.usernameField,
          passwordField: login.passwordField, timeCreated: login.timeCreated,
          timePasswordChanged: login.timePasswordChanged, timesUsed: login.timesUsed, timeLastUsed: login.timeLastUsed,
        }));
        """)
      return try (list as? [[String: Any]] ?? []).map { try FirefoxProfileReading.sorted($0) }.sorted()
    }

    /// Leaves only the database, as after a complete move.
    private func removeFile() {
      for name in ["logins.json", "logins-backup.json"] { unlink(firefox.profile + "/" + name) }
    }

    @Test func readsWhatFirefoxListsInItsDatabase() throws {
      try firefox.start()
      try reading.add(ExpectedLogin.all().map(\.fields))
      var listed: [String] = []
      // Firefox copies each change a little later.
      _ = try Deadline(seconds: 30).await {
        listed = try listedInDatabase()
        return listed.count == 46
      }
      #expect(listed.count == 46)
      removeFile()
      #expect(try reading.logins() == listed)
      let ids = try firefox.loginRecords().compactMap { $0["id"] as? String }
      try firefox.editLogin(ids[0], ["password": "changed “here”"])
      try firefox.deleteLogin(ids[1])
      _ = try Deadline(seconds: 30).await { try listedInDatabase().count == 45 }
      removeFile()
      #expect(try reading.logins() == listedInDatabase())
      try firefox.stop()
      removeFile()
      let before = try reading.listing()
      let logins = try ProfileLogins(of: firefox.profile, copyIn: [reading.scratch])
      #expect(logins.file == "logins.db")
      #expect(try reading.logins().count == logins.count)
      #expect(try reading.listing() == before, "the profile was changed")
    }
  }
}
