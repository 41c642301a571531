import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.NewAccounts {
  /// Firefox imports what `lockwise-sync export` writes, and the other way around (issue 17, acceptance 5).
  @Suite(.serialized) struct TransferExchangeTests {
    private let fixture: InteropFixture
    private let firefox: FirefoxProcess

    init() throws {
      fixture = try SharedInteropFixture.ofSuite()
      firefox = try fixture.startOver()
    }

    private static let logins: [LoginJSON] = [
      .whole("{10000000-0000-4000-8000-000000000001}", origin: "https://a.example", realm: nil, form: "", username: ""),
      .whole(
        "{10000000-0000-4000-8000-000000000002}", origin: "https://b.example:8443", realm: nil,
        form: "https://pay.example", username: "irène \"i\"", password: "=1+1, \"q\"\r\nline ✓"),
      .whole(
        "{10000000-0000-4000-8000-000000000003}", origin: "https://c.example", realm: "a, \"realm\"", username: "=cmd",
        password: " kept "),
      .whole(
        "{10000000-0000-4000-8000-000000000004}", origin: "http://d.example", realm: nil, form: "http://d.example"),
      .whole(
        "{10000000-0000-4000-8000-000000000005}", origin: "https://a.example", realm: nil, form: "", username: "second"),
      .whole(
        "{10000000-0000-4000-8000-000000000006}", origin: "ssh://host.example:2222", realm: "ssh", username: "root"),
      .whole("{10000000-0000-4000-8000-000000000007}", origin: "pass://Work%20x", realm: "pass", username: "mail/old"),
    ]

    /// Imports a file as `about:logins` does, and returns the result of each row.
    private func importIntoFirefox(_ path: String) throws -> [String] {
      let results = try firefox.executeBrowserScript(
        """
        const { LoginCSVImport } = ChromeUtils.importESModule("resource://gre/modules/LoginCSVImport.sys.mjs");
        return (await LoginCSVImport.importFromCSV(args[0])).map(row => row.result);
        """, [path])
      return results as? [String] ?? []
    }

    @Test func aNewFirefoxImportsAndSyncsTheExport() throws {
      let home = try TransferHome(Self.logins)
      let path = home.scratch.root + "/logins.csv"
      try home.sync("export", "--yes", "-o", path).expectSuccess()
      #expect(try importIntoFirefox(path) == Array(repeating: "added", count: Self.logins.count))
      let expected = SyncedLogins(Self.logins.map(\.object))
      #expect(SyncedLogins(try firefox.loginRecords()).differences(from: expected, withTimes: true) == "")
      // A second time nothing changes.
      #expect(try importIntoFirefox(path) == Array(repeating: "no_change", count: Self.logins.count))
      try fixture.signFirefoxIn()
      try firefox.sync()
      let vault = try fixture.addVault()
      try vault.pull()
      #expect(try vault.syncedLogins().differences(from: expected, withTimes: true) == "")
      // Importing the own export back has nothing to do.
      let run = try vault.sync("import", "--yes", path).expectSuccess()
      #expect(run.lines.contains("same       \(Self.logins.count)"), "\(run.output)")
    }

    @Test func theExportOfFirefoxIsImported() throws {
      for login in Self.logins { try firefox.addLogin(login.object.filter { !($0.value is NSNull) }) }
      let home = try TransferHome()
      let path = home.scratch.root + "/firefox.csv"
      try firefox.executeBrowserScript(
        """
        const { LoginExport } = ChromeUtils.importESModule("resource://gre/modules/LoginExport.sys.mjs");
        await LoginExport.exportAsCSV(args[0]);
        """, [path])
      let run = try home.sync("import", "--yes", path).expectSuccess()
      #expect(run.lines.last == "\(Self.logins.count) logins imported", "\(run.output)")
      let listed = SyncedLogins(try firefox.loginRecords())
      let json = try home.sync("export", "--yes", "--format", "json", "-o", "-").expectSuccess()
      let records = try JSONSerialization.jsonObject(with: Data(json.outputBytes)) as? [[String: Any]] ?? []
      #expect(SyncedLogins(records).differences(from: listed, withTimes: true) == "")
      // Byte for byte the same file, except for the order.
      let own = home.scratch.root + "/own.csv"
      try home.sync("export", "--yes", "-o", own).expectSuccess()
      func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\r\n\"http").sorted()
      }
      #expect(try lines(own) == lines(path))
    }
  }
}
