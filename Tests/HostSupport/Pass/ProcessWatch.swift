import Foundation

/// A search for a secret in the command lines and environments of all processes, repeated while something runs.
final class ProcessWatch: @unchecked Sendable {
  private let secret: Data
  private let lock = NSLock()
  private var isDone = false
  private var found: [String] = []
  private var rounds = 0
  private let thread = DispatchGroup()

  /// Begins to search.
  init(for secret: String) {
    self.secret = Data(secret.utf8)
    thread.enter()
    Thread.detachNewThread { [self] in
      while !lock.withLock({ isDone }) { search() }
      thread.leave()
    }
  }

  /// Ends the search.
  ///
  /// - Returns: where the secret was found, and how many times all processes were searched.
  func finish() -> (found: [String], rounds: Int) {
    lock.withLock { isDone = true }
    thread.wait()
    return (found, rounds)
  }

  private func search() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    for name in names where Int(name) != nil && name != String(getpid()) {
      for file in ["cmdline", "environ"] {
        let path = "/proc/\(name)/\(file)"
        guard let content = FileManager.default.contents(atPath: path), content.range(of: secret) != nil else {
          continue
        }
        let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
        found.append("\(path): \(String(decoding: line, as: UTF8.self))")
      }
    }
    rounds += 1
  }
}
