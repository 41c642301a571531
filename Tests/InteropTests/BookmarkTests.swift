import Foundation
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// Collections other than passwords.
  @Suite(.serialized) struct BookmarkTests: ExchangeSuite {
    let fixture: InteropFixture

    init() throws { fixture = try SharedInteropFixture.ofSuite() }

    private func record(_ id: String) throws -> [String: Any] {
      let run = try vault.sync("get", "bookmarks", id, "--format", "jsonl").expectSuccess()
      return try JSONSerialization.jsonObject(with: Data(run.outputBytes)) as? [String: Any] ?? [:]
    }

    private func put(_ records: [[String: Any]]) throws {
      let input = String(decoding: try JSONSerialization.data(withJSONObject: records), as: UTF8.self)
      try vault.sync("put", "bookmarks", input: .text(input)).expectSuccess()
    }

    /// Returns title, address and folder of a bookmark in Firefox; nil if it does not exist.
    private func shown(_ id: String) throws -> [String]? {
      try firefox.executeBrowserScript(
        """
        const { PlacesUtils } = ChromeUtils.importESModule("resource://gre/modules/PlacesUtils.sys.mjs");
        const bookmark = await PlacesUtils.bookmarks.fetch(args[0]);
        return bookmark && [bookmark.title, bookmark.url.href, bookmark.parentGuid];
        """, [id]) as? [String]
    }

    @Test func showsBookmarksThatWePut() throws {
      let id = "lwBookmark01"
      var folder = try record("unfiled")
      folder["children"] = (folder["children"] as? [String] ?? []) + [id]
      let bookmark: [String: Any] = [
        "id": id, "type": "bookmark", "title": "Lockwise “ü”", "bmkUri": "https://example.org/a?b=c#d",
        "parentid": "unfiled", "parentName": folder["title"] ?? "", "dateAdded": 1_600_000_000_000,
      ]
      try put([bookmark, folder])
      try firefox.sync()
      #expect(try shown(id) == ["Lockwise “ü”", "https://example.org/a?b=c#d", "unfiled_____"])

      var changed = try record(id)
      changed["title"] = "changed"
      try put([changed])
      try firefox.sync()
      #expect(try shown(id)?.first == "changed")

      folder["children"] = (folder["children"] as? [String] ?? []).filter { $0 != id }
      try put([folder])
      try vault.sync("delete", "bookmarks", id).expectSuccess()
      try firefox.sync()
      #expect(try shown(id) == nil)
    }

    /// Firefox's records in collections that the fixture lacks or that have many forms.
    @Test func readsFirefoxsCollections() throws {
      try firefox.executeBrowserScript(
        """
        const { PlacesUtils } = ChromeUtils.importESModule("resource://gre/modules/PlacesUtils.sys.mjs");
        await PlacesUtils.history.insert({
          url: "https://history.example/päth?q=1#f", title: "Visited “ü”", visits: [{ date: new Date(1700000000000) }] });
        await PlacesUtils.bookmarks.insert({
          parentGuid: "menu________", guid: "fxBookmark01", url: "https://bookmark.example/", title: "Kept “ü”" });
        """)
      try firefox.sync()
      func records(_ collection: String) throws -> [[String: Any]] {
        try vault.sync("get", collection, "--format", "jsonl").expectSuccess().lines.map {
          try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }
      }
      let visited = try #require(try records("history").first { $0["title"] as? String == "Visited “ü”" })
      #expect(visited["histUri"] as? String == "https://history.example/p%C3%A4th?q=1#f")
      let visits = visited["visits"] as? [[String: Any]]
      #expect(visits?.compactMap { $0["date"] as? Int } == [1_700_000_000_000_000], "microseconds, as Firefox counts")
      let bookmark = try record("fxBookmark01")
      #expect(bookmark["title"] as? String == "Kept “ü”" && bookmark["parentid"] as? String == "menu")
      let version = try firefox.version()
      #expect(try records("clients").contains { $0["version"] as? String == version })
    }
  }
}
