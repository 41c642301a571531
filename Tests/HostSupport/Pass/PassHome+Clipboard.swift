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

  /// The processes of this home that wait while a secret is in the clipboard.
  func waitingProcesses() -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { id in
      let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
      guard line.starts(with: Data("lockwise-pass: clipboard\0".utf8)) else { return false }
      // Where only root sees the environment, tests of other homes cannot be told apart.
      let environment = FileManager.default.contents(atPath: "/proc/\(id)/environ") ?? Data()
      return environment.isEmpty || environment.range(of: Data(scratch.root.utf8)) != nil
    }
  }
}
