import Foundation
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// Collections other than passwords.
  @Suite(.serialized) struct BookmarkTests {
    private let meeting: Meeting
    private let firefox: FirefoxProcess
    private let vault: Stage

    init() throws {
      meeting = try SharedMeeting.ofSuite()
      firefox = meeting.firefoxes[0]
      vault = meeting.vaults[0]
    }

    private func record(_ id: String) throws -> [String: Any] {
      let run = try vault.sync("get", "bookmarks", id, "--format", "jsonl").expectSuccess()
      return try JSONSerialization.jsonObject(with: Data(run.outputBytes)) as? [String: Any] ?? [:]
    }

    private func put(_ records: [[String: Any]]) throws {
      let input = String(decoding: try JSONSerialization.data(withJSONObject: records), as: UTF8.self)
      try vault.sync("put", "bookmarks", input: .text(input)).expectSuccess()
    }

    /// Title, address and folder as Firefox has them; nil without the bookmark.
    private func shown(_ id: String) throws -> [String]? {
      try firefox.executeBrowserScript(
        """
        const { PlacesUtils } = ChromeUtils.importESModule("resource://gre/modules/PlacesUtils.sys.mjs");
        const bookmark = await PlacesUtils.bookmarks.fetch(args[0]);
        return bookmark && [bookmark.title, bookmark.url.href, bookmark.parentGuid];
        """, [id]) as? [String]
    }

    @Test func whatWePutIsShown() throws {
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
  }
}
