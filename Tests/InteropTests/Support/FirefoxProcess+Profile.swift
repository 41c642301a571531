import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension FirefoxProcess {
  /// The list of profiles with `default-esr` only.
  private static let onlyProfile = "[Profile0]\nName=default-esr\nIsRelative=1\nPath=k1x.default-esr\nDefault=1\n"

  /// A Firefox, not started, with the profile `default-esr` in Firefox's usual place.
  ///
  /// - Parameter profiles: the list of profiles, where that one has the path `k1x.default-esr`.
  static func inUsualPlace(
    of scratch: Scratch, home: String? = nil, server: String, profiles: String = onlyProfile
  ) throws -> FirefoxProcess {
    let root = (home ?? scratch.environment["HOME", default: ""]) + "/.mozilla/firefox"
    let firefox = try FirefoxProcess(in: scratch.root, server: server, profile: root + "/k1x.default-esr")
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
