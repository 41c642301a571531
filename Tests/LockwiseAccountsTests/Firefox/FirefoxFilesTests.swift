import Foundation
import LockwiseCore
import Synchronization
import Testing

@testable import LockwiseAccounts

@Suite struct FirefoxFilesTests {
  private let uid = String(repeating: "aB", count: 16)

  private func account(_ text: String) throws -> FirefoxAccount? {
    let object = try #require(try JSONValue(parsing: SecretBytes(utf8: text)).object)
    return try FirefoxAccount(object)
  }

  @Test func readsTheAccount() throws {
    let token = String(repeating: "5e", count: 32)
    let found = try #require(
      try account(
        """
        {"version":1,"accountData":{"email":"a@b","uid":"\(uid)","sessionToken":"\(token)","verified":true,"device":{}}}
        """))
    #expect(found.email == "a@b")
    #expect(found.uid == uid.lowercased())
    #expect(found.isVerified)
    let session = try #require(found.session)
    #expect(try session.id == #require(try AccountToken(.session, hex: SecretBytes(utf8: token))).id)
    let bare = try #require(try account(#"{"version":1,"accountData":{"email":"a@b","uid":"\#(uid)"}}"#))
    #expect(!bare.isVerified)
    #expect(bare.session == nil)
    #expect(try account(#"{"version":1}"#) == nil)
    #expect(try account(#"{"version":1,"accountData":null}"#) == nil)
  }

  @Test(arguments: [
    "{}", #"{"version":2,"accountData":{}}"#, #"{"version":1,"accountData":{}}"#, #"{"version":1,"accountData":[]}"#,
    #"{"version":1,"accountData":{"email":"a@b","uid":"xyz"}}"#,
    #"{"version":1,"accountData":{"email":"a@b","uid":"00112233445566778899aabbccddeeff","sessionToken":"5e"}}"#,
    #"{"version":1,"accountData":{"email":"a@b","uid":"00112233445566778899aabbccddeeff","sessionToken":5}}"#,
  ])
  func refusesInvalidAccounts(text: String) {
    #expect(throws: FirefoxError.changedFormat(file: "signedInUser.json")) { try account(text) }
  }

  @Test func retriesAFileThatIsBeingWritten() throws {
    let fake = try FakeProfile()
    try fake.write("x.json", "{\"a\":")
    let pauses = Mutex(0)
    let path = fake.directory + "/x.json"
    let files = ProfileFile(fake.directory) {
      pauses.withLock { $0 += 1 }
      if pauses.withLock({ $0 }) == 3 { try? Data("{\"a\":1}".utf8).write(to: URL(fileURLWithPath: path)) }
    }
    #expect(try files.object("x.json")?["a"]?.integer == 1)
    #expect(pauses.withLock { $0 } == 3)
    try fake.write("x.json", "{\"a\":")
    let patient = ProfileFile(fake.directory) {}
    #expect(throws: FirefoxError.changedFormat(file: "x.json")) { try patient.object("x.json") }
    #expect(try patient.object("none.json") == nil)
  }

  @Test func refusesSpecialFiles() throws {
    let fake = try FakeProfile()
    let files = ProfileFile(fake.directory) {}
    mkfifo(fake.directory + "/pipe", 0o600)
    mkdir(fake.directory + "/directory", 0o700)
    for name in ["pipe", "directory"] {
      #expect(throws: FirefoxError.changedFormat(file: name)) { try files.read(name) }
    }
    symlink("loop", fake.directory + "/loop")
    #expect(throws: FirefoxError.unreadable(file: "loop", errno: ELOOP)) { try files.read("loop") }
  }

  @Test func parsesPreferences() {
    let preferences = FirefoxPreferences(
      SecretBytes(
        utf8: """
          // Mozilla User Preferences
          user_pref("a.text", "one");
          user_pref("a.text", "two");
          user_pref("quoted", "say \\"no\\" \\\\ \\'x\\'");
          user_pref("number", 3);
          user_pref("truth", false);
          user_pref("truth", true);
          user_pref("untruth", true1);
          user_pref("off", true);
          user_pref("off", false);
          user_pref("empty", "");\r
            user_pref("indented", "x");
          user_pref("open", "x);
          user_pref("more", "x"); user_pref("behind", "y");
          pref("other", "x");
          user_pref("escaped", "\\x41");
          // user_pref("comment", "x");
          """))
    #expect(preferences["a.text"] == "two")
    #expect(preferences["quoted"] == #"say "no" \ 'x'"#)
    #expect(preferences.isOn("truth"))
    for name in ["quoted", "number", "untruth", "off", "x"] { #expect(!preferences.isOn(name), "\(name)") }
    for name in ["number", "truth", "empty", "indented", "open", "more", "behind", "other", "escaped", "comment", "x"] {
      #expect(preferences[name] == nil, "\(name)")
    }
  }
}
