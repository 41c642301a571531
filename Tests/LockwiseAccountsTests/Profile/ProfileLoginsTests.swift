import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// The logins of profiles whose keys and texts NSS wrote.
@Suite struct ProfileLoginsTests {
  private static let id = "{0a57a1c5-8a0e-4c64-9d2b-5f6c7d8e9f00}"

  @Test(arguments: ["3des", "aes", "updated"])
  func readsTheLogins(fixture: String) throws {
    let fake = try FakeProfile(fixture)
    let before = try fake.listing()
    let logins = try fake.logins()
    #expect(logins.file == "logins.json")
    #expect(logins.count == 5)
    #expect(try !logins.hasPrimaryPassword)
    #expect(try logins.read().logins == FixtureLogin.records())
    #expect(throws: FirefoxError.wrongPrimaryPassword) { try logins.read("x") }
    #expect(try fake.listing() == before)
  }

  @Test(arguments: ["3des-password", "aes-password", "updated-password"])
  func readsTheLoginsWithAPrimaryPassword(fixture: String) throws {
    let fake = try FakeProfile(fixture)
    let logins = try fake.logins()
    #expect(try logins.hasPrimaryPassword)
    for wrong in ["", "r", FakeProfile.password + "x"] {
      #expect(throws: FirefoxError.wrongPrimaryPassword) { try logins.read(wrong) }
    }
    let key = try logins.key(primaryPassword: SecretBytes(utf8: FakeProfile.password))
    #expect(try logins.read(key).logins == FixtureLogin.records())

    // A kept key replaces the password, as long as the profile has no other key.
    let kept = key.secret
    #expect(kept.exposedText()?.contains(FakeProfile.password) == false)
    #expect(try logins.read(logins.key(kept: kept)).logins == FixtureLogin.records())
    for other in [SecretBytes(utf8: ""), SecretBytes(utf8: "{}"), kept[0..<kept.count - 1]] {
      #expect(throws: FirefoxError.wrongPrimaryPassword) { try logins.key(kept: other) }
    }
    try fake.execute("INSERT INTO nssPrivate (id, a0, a102, a11) VALUES (7, x'00000004', x'01', x'02')")
    #expect(throws: FirefoxError.wrongPrimaryPassword) { try fake.logins().key(kept: kept) }
  }

  /// A key of another profile decrypts none of the logins, although its id is the same.
  @Test func refusesTheKeysOfAnotherProfile() throws {
    let fake = try FakeProfile("aes")
    let other = try FakeProfile("updated")
    fake.remove("key4.db")
    try FileManager.default.copyItem(atPath: other.directory + "/key4.db", toPath: fake.directory + "/key4.db")
    let logins = try fake.logins()
    var calls = 0
    #expect(throws: FirefoxError.otherKey(file: "logins.json")) {
      try logins.forEach(logins.key(primaryPassword: SecretBytes(utf8: ""))) { _ in calls += 1 }
    }
    #expect(calls == 0)
    // As well as one that was kept before the user reset the primary password.
    let kept = try other.logins().key(primaryPassword: SecretBytes(utf8: ""))
    #expect(throws: FirefoxError.otherKey(file: "logins.json")) { try FakeProfile("aes").logins().read(kept) }
  }

  @Test(
    arguments: [
      ("encryptedPassword", "no base 64", "its encryption is damaged, or its key is missing"),
      ("encryptedUsername", "MAA=", "its encryption is damaged, or its key is missing"),
      ("encryptedUsername", "~aXJlbmU=", "obscured in a form that Firefox no longer reads"),
      ("encryptedPassword", nil, "member encryptedPassword has the wrong type"),
      ("encryptedUsername", 5, "member encryptedUsername has the wrong type"),
      ("hostname", nil, "no origin"), ("hostname", 5, "member hostname has the wrong type"),
      ("hostname", "https://a\nb", "member hostname has an invalid character"),
      ("formSubmitURL", nil, "neither a form nor a realm"), ("httpRealm", "x", "both a form and a realm"),
      ("httpRealm", [1], "member httpRealm has the wrong type"),
      ("usernameField", ".", "member usernameField is a single dot"),
      ("guid", "{1b68b2d6-9b1f-4d75-8e3c-607d8e9f0a11}", nil),
    ] as [(String, (any Sendable)?, String?)])
  func refusesOneLogin(member: String, value: (any Sendable)?, reason: String?) throws {
    let fake = try FakeProfile("aes")
    try fake.changeLogin(0) { $0[member] = value ?? NSNull() }
    let (logins, refused) = try fake.logins().read()
    if let reason {
      #expect(try logins == Array(FixtureLogin.records().dropFirst()))
      #expect(refused == [Self.id: reason])
    } else {
      // The first of two with one id is kept.
      #expect(logins.count == 4)
      #expect(refused == ["#2": "another login has the same id"])
    }
  }

  @Test(arguments: [nil, "", "ä", "a,b", 7] as [(any Sendable)?])
  func refusesALoginWithoutAnID(id: (any Sendable)?) throws {
    let fake = try FakeProfile("aes")
    try fake.changeLogin(2) { $0["guid"] = id ?? NSNull() }
    #expect(try fake.logins().read().refused == ["#3": "its id is invalid"])
    try fake.changeLogins { $0["logins"] = ["x", 1, NSNull(), []] as [Any] }
    #expect(try fake.logins().read().refused.keys.sorted() == ["#1", "#2", "#3", "#4"])
  }

  /// A missing member is like one that is null. A number of the wrong type is left out.
  @Test func acceptsMissingMembers() throws {
    let fake = try FakeProfile("aes")
    try fake.changeLogin(0) { login in
      for name in ["usernameField", "passwordField", "httpRealm", "encType", "encryptedUnknownFields", "timesUsed"] {
        login[name] = nil
      }
      login["timeCreated"] = "yesterday"
      login["other"] = ["x": 1]
    }
    let (logins, refused) = try fake.logins().read()
    #expect(refused.isEmpty)
    let expected = """
      {"formSubmitURL":"","hostname":"https:\\/\\/www.example.org","httpRealm":null,"id":"\(Self.id)",\
      "password":"not what is looked for","passwordField":"","timeLastUsed":1700000000003,\
      "timePasswordChanged":1700000000002,"username":"irene","usernameField":""}
      """
    #expect(logins[0] == expected)
  }

  /// As Firefox does, a login whose unknown members are damaged is shown without them.
  @Test(arguments: ["no base 64", "MAA=", 5] as [any Sendable])
  func leavesOutDamagedUnknownMembers(value: any Sendable) throws {
    let fake = try FakeProfile("aes")
    try fake.changeLogin(2) { $0["encryptedUnknownFields"] = value }
    let (logins, refused) = try fake.logins().read()
    #expect(refused.isEmpty)
    #expect(!logins[2].contains("lockwise"))
    // What is not an object has no members.
    let user = try fake.logins().read()
    try fake.changeLogin(2) { $0["encryptedUnknownFields"] = $0["encryptedUsername"] }
    #expect(try fake.logins().read().logins == user.logins)
  }

  @Test(arguments: [
    ("", FirefoxError.changedFormat(file: "logins.json")), ("{", .changedFormat(file: "logins.json")),
    ("[]", .changedFormat(file: "logins.json")), ("{}", .changedFormat(file: "logins.json")),
    (#"{"version":3,"logins":{}}"#, .changedFormat(file: "logins.json")),
    (#"{"version":3,"logins":null}"#, .changedFormat(file: "logins.json")),
    (#"{"version":"3","logins":[]}"#, .changedFormat(file: "logins.json")),
    (#"{"version":4,"logins":[]}"#, .futureFormat(file: "logins.json", version: 4)),
    (#"{"version":1e12,"logins":[]}"#, .futureFormat(file: "logins.json", version: 1_000_000_000_000)),
    ("\u{FEFF}{\"version\":3,\"logins\":[]}", .changedFormat(file: "logins.json")),
    ("SQLite format 3\0", .changedFormat(file: "logins.json")),
  ])
  func refusesDamagedFiles(text: String, error: FirefoxError) throws {
    let fake = try FakeProfile("aes")
    try fake.write("logins.json", text)
    #expect(throws: error) { try ProfileLogins(ProfileFile(fake.directory) {}, copyIn: [fake.scratch]) }
  }

  /// Each prefix of a file, as after a crash.
  @Test func refusesTruncatedFiles() throws {
    let fake = try FakeProfile("3des")
    let text = try String(contentsOfFile: fake.directory + "/logins.json", encoding: .utf8)
    let end = try #require(text.lastIndex(of: "}"))
    for count in stride(from: 0, to: text.distance(from: text.startIndex, to: end), by: 97) {
      try fake.write("logins.json", String(text.prefix(count)))
      #expect(throws: FirefoxError.changedFormat(file: "logins.json"), "\(count)") {
        try ProfileLogins(ProfileFile(fake.directory) {}, copyIn: [fake.scratch])
      }
    }
  }

  @Test func readsAFileAgainThatIsBeingWritten() throws {
    let fake = try FakeProfile("aes")
    let path = fake.directory + "/logins.json"
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.dropLast(100).write(to: URL(fileURLWithPath: path))
    let files = ProfileFile(fake.directory, isOwnerChecked: true) { try? whole.write(to: URL(fileURLWithPath: path)) }
    #expect(try ProfileLogins(files, copyIn: [fake.scratch]).read().logins == FixtureLogin.records())
  }

  /// Firefox moves the file to its backup, and then writes the new one.
  @Test func waitsForAFileThatFirefoxReplaces() throws {
    let fake = try FakeProfile("aes")
    let (path, backup) = (fake.directory + "/logins.json", fake.directory + "/logins-backup.json")
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    rename(path, backup)
    // The database that Firefox 153 makes at each start is not looked at meanwhile.
    try FileManager.default.copyItem(
      atPath: FakeProfile.fixtures.path + "/database/logins.db", toPath: fake.directory + "/logins.db")
    let files = ProfileFile(fake.directory, isOwnerChecked: true) { try? whole.write(to: URL(fileURLWithPath: path)) }
    #expect(try ProfileLogins(files, copyIn: [fake.scratch]).file == "logins.json")
    // A crash left the backup only, which Firefox restores.
    fake.remove("logins.json")
    #expect(throws: FirefoxError.missingFile("logins.json")) {
      try ProfileLogins(ProfileFile(fake.directory) {}, copyIn: [fake.scratch])
    }
  }

  @Test(arguments: [
    ("UPDATE metaData SET item2 = x'3000' WHERE id = 'password'", FirefoxError.changedFormat(file: "key4.db")),
    ("UPDATE metaData SET item1 = x'00' WHERE id = 'password'", .wrongPrimaryPassword),
    ("DELETE FROM metaData WHERE id = 'password'", .changedFormat(file: "key4.db")),
    ("DELETE FROM nssPrivate", .otherKey(file: "logins.json")),
    ("UPDATE nssPrivate SET a11 = x'00'", .otherKey(file: "logins.json")),
    ("UPDATE nssPrivate SET a102 = x'00'", .otherKey(file: "logins.json")),
    ("UPDATE nssPrivate SET a0 = x'00000003'", .otherKey(file: "logins.json")),
    ("DROP TABLE nssPrivate", .changedFormat(file: "key4.db")),
    ("UPDATE metaData SET item1 = x'3000' WHERE id LIKE 'sig_key_%'", .otherKey(file: "logins.json")),
  ])
  func refusesDamagedKeys(sql: String, error: FirefoxError) throws {
    let fake = try FakeProfile("aes")
    try fake.execute(sql)
    #expect(throws: error) { try fake.logins().read() }
  }

  @Test func reportsMissingFiles() throws {
    let fake = try FakeProfile("aes")
    fake.remove("key4.db")
    #expect(throws: FirefoxError.missingFile("key4.db")) { try fake.logins() }
    try fake.write("key3.db", "")
    #expect(throws: FirefoxError.oldFormat) { try fake.logins() }
    // Without logins there are no keys.
    try fake.write("logins.json", #"{"version":3,"logins":[]}"#)
    let logins = try fake.logins()
    #expect(logins.count == 0)
    #expect(try !logins.hasPrimaryPassword)
    #expect(try logins.read().logins == [])
    #expect(try logins.read(logins.key(kept: logins.key(primaryPassword: SecretBytes(utf8: "")).secret)).logins == [])
    fake.remove("logins.json")
    #expect(throws: FirefoxError.noLogins(profile: "profile")) { try fake.logins() }
    #expect(throws: FirefoxError.noLogins(profile: "none")) {
      try ProfileLogins(of: fake.scratch + "/none", copyIn: [])
    }
  }

  /// Another user could fill the vault.
  @Test func refusesFilesOfOthers() throws {
    let fake = try FakeProfile("aes")
    for name in ["logins.json", "key4.db"] {
      let path = fake.directory + "/" + name
      chmod(path, 0o666)
      #expect(throws: FirefoxError.untrusted(path: path, reason: "other users can access it (mode 666)")) {
        try fake.logins()
      }
      chmod(path, 0o600)
      if geteuid() == 0 {
        chown(path, 12345, 0)
        #expect(throws: FirefoxError.untrusted(path: path, reason: "it belongs to another user")) { try fake.logins() }
        chown(path, 0, 0)
      }
    }
    chmod(fake.directory, 0o777)
    #expect(
      throws: FirefoxError.untrusted(path: fake.directory, reason: "other users can change it (mode 777)")
    ) { try fake.logins() }
    chmod(fake.directory, 0o700)
    #expect(try fake.logins().count == 5)
  }

  /// A profile may be reached through symbolic links, its files too.
  @Test func followsLinksOfTheUser() throws {
    let fake = try FakeProfile("aes")
    try FileManager.default.moveItem(atPath: fake.directory + "/logins.json", toPath: fake.scratch + "/l.json")
    symlink("../scratch/l.json", fake.directory + "/logins.json")
    symlink(fake.directory, fake.scratch + "/link")
    #expect(try ProfileLogins(of: fake.scratch + "/link", copyIn: []).read().logins == FixtureLogin.records())
  }

  @Test func knowsAVersionByItsFiles() throws {
    let fake = try FakeProfile("aes")
    let logins = try fake.logins()
    #expect(logins.version == ProfileVersion.of(fake.directory))
    #expect(ProfileVersion(text: logins.version.text) == logins.version)
    // Other files do not matter.
    try fake.write("prefs.js", "")
    #expect(logins.version == ProfileVersion.of(fake.directory))
    var seen = [logins.version]
    for name in ["logins.json", "key4.db", "logins.db", "logins.db-wal"] {
      // As Firefox does it: another file in the place of the first, here of the same size and time.
      let path = fake.directory + "/" + name
      let content = FileManager.default.contents(atPath: path) ?? Data()
      let time = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
      try content.write(to: URL(fileURLWithPath: path + ".tmp"))
      if let time { try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path + ".tmp") }
      rename(path + ".tmp", path)
      #expect(!seen.contains(ProfileVersion.of(fake.directory)), "\(name)")
      seen.append(ProfileVersion.of(fake.directory))
      #expect(ProfileVersion(text: seen.last?.text ?? "") == seen.last)
    }
    for text in ["", "-", "- - -", "- - - - -", "- - - x", "1:2:3:4 - - 1:2:3", "1:2:3:4 - -  -", "-1:2:3:4 - - -"] {
      #expect(ProfileVersion(text: text) == nil, "\(text)")
    }
    #expect(ProfileVersion(text: "- - - -") == ProfileVersion.of(fake.scratch))
  }
}
