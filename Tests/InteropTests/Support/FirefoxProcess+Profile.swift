import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension FirefoxProcess {
  /// A Firefox, not started, whose only profile is `default-esr` in Firefox's usual place.
  static func inUsualPlace(of scratch: Scratch, home: String? = nil, server: String) throws -> FirefoxProcess {
    let root = (home ?? scratch.environment["HOME", default: ""]) + "/.mozilla/firefox"
    let firefox = try FirefoxProcess(in: scratch.root, server: server, profile: root + "/k1x.default-esr")
    let profiles = "[Profile0]\nName=default-esr\nIsRelative=1\nPath=k1x.default-esr\nDefault=1\n"
    try scratch.write(profiles, to: root + "/profiles.ini")
    return firefox
  }

  /// Waits until the profile's file has at least this number of logins, Firefox's own among them.
  ///
  /// Firefox writes them one or two seconds after a change (JSONFile.sys.mjs).
  func awaitFile(logins count: Int) {
    let isSaved = Deadline(seconds: 30).await {
      let data = FileManager.default.contents(atPath: profile + "/logins.json") ?? Data()
      let file = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
      return (file?["logins"] as? [Any] ?? []).count >= count
    }
    #expect(isSaved)
  }
}
