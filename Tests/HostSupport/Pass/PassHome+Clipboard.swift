import Foundation
import LockwiseTestSupport

@testable import LockwiseCore

extension PassHome {
  /// The password of `example.com/alice`, with characters that a shell, a format or an encoding could change.
  static let secret = "p4ss wörd %s \\n $HOME"

  /// Makes a home with the form logins `example.com/alice` and `example.com/bob`, whose password is `second`.
  static func withTwoLogins() throws -> PassHome {
    let logins = [("{a1}", "alice", secret), ("{b2}", "bob", "second")]
    return try PassHome(
      logins.map { id, username, password in
        let json = LoginJSON.whole(
          id, origin: "https://example.com", realm: nil, form: "", username: username, password: password)
        return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: id)
      })
  }

  /// The processes of this home that wait while a secret is in the clipboard, or in that of a terminal.
  ///
  /// Only root sees their environment. For others, tests that run at the same time need displays of their own.
  func waitingProcesses(atTerminal: Bool = false) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    let display = ["WAYLAND_DISPLAY", "DISPLAY"].map { environment[$0] ?? "" }.joined(separator: " ")
    return names.compactMap { pid_t($0) }.filter { id in
      let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
      let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      guard words.count > 4, words[0] == "lockwise-pass: clipboard" else { return false }
      let own = FileManager.default.contents(atPath: "/proc/\(id)/environ") ?? Data()
      guard own.isEmpty else { return own.range(of: Data(scratch.root.utf8)) != nil }
      return atTerminal ? words[4] == "terminal" : words[4] != "terminal" && words[3].hasSuffix(" " + display)
    }
  }
}
