import Glibc
import LockwiseCore

extension FirefoxHistory {
  /// A directory for short-lived copies: in memory if there is one.
  public static func scratch(environment: Environment) -> String {
    let places = [environment["XDG_RUNTIME_DIR"], "/dev/shm", environment["TMPDIR"]].compactMap(\.self)
    return places.first { $0.hasPrefix("/") && access($0, W_OK | X_OK) == 0 } ?? "/tmp"
  }

  /// The profiles of this user that have a history, where Firefox, its Snap and its Flatpak keep them.
  public static func profiles(environment: Environment) -> [String] {
    guard let home = environment["HOME"], home.hasPrefix("/") else { return [] }
    let roots = [
      ".mozilla/firefox", ".config/mozilla/firefox", "snap/firefox/common/.mozilla/firefox",
      ".var/app/org.mozilla.firefox/.mozilla/firefox", ".var/app/org.mozilla.firefox/config/mozilla/firefox",
    ]
    return roots.flatMap { root -> [String] in
      let directory = "\(home)/\(root)"
      guard let stream = opendir(directory) else { return [] }
      defer { closedir(stream) }
      var names: [String] = []
      while let entry = readdir(stream) {
        names.append(
          withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
          })
      }
      return names.filter { !$0.hasPrefix(".") }.sorted().map { "\(directory)/\($0)" }
        .filter { access("\($0)/places.sqlite", R_OK) == 0 }
    }
  }
}
