import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// The value of git's configuration for a URL is always the one that git chooses.
@Suite struct GitURLTests {
  static let patterns = [
    "https://h.example", "https://h.example/", "https://H.EXAMPLE/a", "https://h.example/a/",
    "https://h.example/a/b.git",
    "https://h.example:443", "https://h.example:0443/a", "https://h.example:8443", "https://*.example",
    "https://*.*/a", "https://*", "http://h.example", "http://h.example:80/a", "https://me@h.example",
    "https://me@h.example/a", "https://you@*.example/a/b.git", "https://me:pw@h.example/a", "https://a.h.example",
    "https://*.h.example", "https://h.example/%61/./b.git", "https://h.example/x/../a", "https://h.example/..",
    "https://h.example/a%2Fb", "https://h.example/%zz", "https://h.example?q", "https://h.ex*mple", "https://",
    "https://:80", "h.example", "//h.example", "HTTPS://h.example/a", "https://[::1]:8443/a", "https://[::1]",
    "ssh://git@h.example", "smtp://smtp.h.example:587", "https://h.example:99999", "https://h.example:0",
    "https://h.example:x", "https://h_.example", "https://h.example/a//b.git", "https://ä.example", "file:///x",
    "https://h.example/a b", "https://a@b@h.example", "https://h.example/a/..", "https://h.example/a/.",
  ]
  static let urls = [
    "https://h.example", "https://h.example/a", "https://h.example/ab", "https://h.example/a/b.git",
    "https://h.example/a/b.git/c", "https://h.example/a/b.gitx", "https://me@h.example/a",
    "https://you@h.example/a/b.git",
    "https://me@h.example", "https://h.example:8443/a", "http://h.example/a", "https://a.h.example/a",
    "https://h.example/a//b.git", "https://h.example/a%2Fb", "https://h.example/a%20b", "https://[::1]:8443/a/b",
    "ssh://git@h.example/x", "smtp://smtp.h.example:587", "file:///x/y", "https://h_.example",
  ]

  /// Returns git's own output, which is empty without a match.
  private func git(_ arguments: [String]) throws -> String {
    do {
      let environment = Environment(["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
      return try ChildProcess.output(of: "git", arguments, environment: environment).exposedText() ?? ""
    } catch ChildProcess.Failure.failed(_, status: 1) {
      return ""
    }
  }

  /// Returns the context for a URL of the list above.
  private func context(_ url: String) throws -> GitCredentialContext {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
    let authority = parts[2].split(separator: "@").map(String.init)
    return GitCredentialContext(
      scheme: String(parts[0].dropLast()), host: authority.last ?? "",
      username: authority.count > 1 ? authority[0] : nil,
      path: parts.count > 3 ? parts[3].removingPercentEncoding : nil)
  }

  /// Each complete pattern alone with each URL, and several together in different orders. The value of each pattern is
  /// its number.
  @Test func asGitItselfChooses() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("lockwise-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    var generator = SeededGenerator(seed: 6)
    let patterns = Self.patterns.filter { GitURL($0, allowsWildcards: true) != nil && !$0.contains("ä") }
    var lists = [patterns]
    for _ in 0..<6 { lists.append(Array(patterns.shuffled(using: &generator).prefix(5))) }
    var chosen = 0
    for (index, list) in lists.enumerated() {
      let file = directory.appendingPathComponent("config\(index)").path
      var text = index == 0 ? "" : "[lockwise]\n\tstore = unscoped\n"
      for (number, pattern) in list.enumerated() {
        text += "[lockwise \"\(pattern)\"]\n\tstore = \(number) \(pattern)\n"
      }
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let listing = try git(["config", "-z", "--show-scope", "-f", file, "--get-regexp", #"^lockwise\."#])
      let configuration = try #require(GitConfiguration(listing: Array(listing.utf8)))
      for url in Self.urls where try context(url).text == url {
        let theirs = try git(["config", "-f", file, "--get-urlmatch", "lockwise.store", url])
        let ours = configuration.value("lockwise", "store", for: try context(url), from: .any)
        #expect((ours ?? "") == theirs.trimmingCharacters(in: .newlines), "\(url) in list \(index)")
        chosen += ours == nil || ours == "unscoped" ? 0 : 1
      }
    }
    #expect(chosen > 30, "too few matches")
  }

  @Test(arguments: [
    ("https://h.example/%61", "https://h.example/a"), ("https://H.Example:443", "https://h.example/"),
    ("HTTP://h.example:080/x/../y/.", "http://h.example/y"), ("https://a%40b@h.example", "https://a%40b@h.example/"),
  ])
  func theSameURL(left: String, right: String) throws {
    #expect(try #require(GitURL(left)) == #require(GitURL(right)))
  }

  @Test(arguments: [
    "", "h.example", "https:/h.example", "1https://h.example", "https://", "https://h.example:65536",
    "https://h%41.example",
    "https://h.example/%4", "https://h.example/../x", "https://*.example", "https://h.example\u{0}",
  ])
  func invalidURLsAreRefused(text: String) { #expect(GitURL(text) == nil) }
}
