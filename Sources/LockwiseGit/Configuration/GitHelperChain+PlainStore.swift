import Glibc
import LockwiseCLI
import LockwiseCore

extension GitHelperChain {
  /// The helpers that write every verified password to a plain-text file: git-credential-store(1). git passes passwords
  /// from other helpers to it as well.
  public var plainStores: [Helper] { helpers.filter(\.isPlainStore) }
}

extension GitHelperChain.Helper {
  /// Whether it is git-credential-store(1).
  var isPlainStore: Bool {
    guard !value.hasPrefix("!") else {
      return value.contains("git-credential-store") || value.contains("git credential-store")
    }
    let name = program.split(separator: "/").last ?? ""
    return value.hasPrefix("/") ? name == "git-credential-store" : name == "store"
  }

  /// Returns the commands that remove the helper and its stored passwords; none if it is not set in a file.
  ///
  /// - Parameter environment: determines the file's path if the setting does not.
  func removalCommands(_ environment: Environment) -> [String] {
    guard origin.hasPrefix("file:") else { return [] }
    let key = url.map { "credential.\($0).helper" } ?? "credential.helper"
    let file = Self.quoted(String(origin.dropFirst("file:".count)))
    return [
      "git config --file \(file) --fixed-value --unset-all \(Self.quoted(key)) \(Self.quoted(value))",
      "rm \(plainFile(environment))",
    ]
  }

  /// Returns the file that it writes, quoted for a shell (git-credential-store(1), "FILES").
  private func plainFile(_ environment: Environment) -> String {
    let words = value.split(separator: " ").map(String.init)
    for (index, word) in words.enumerated() {
      if word.hasPrefix("--file=") { return word.dropFirst("--file=".count).description }
      if word == "--file", index + 1 < words.count { return words[index + 1] }
    }
    let home = environment["HOME"] ?? ""
    let other = (environment["XDG_CONFIG_HOME"] ?? home + "/.config") + "/git/credentials"
    guard access(home + "/.git-credentials", F_OK) != 0, access(other, F_OK) == 0 else { return "~/.git-credentials" }
    return Self.quoted(other)
  }

  /// Returns a word quoted for a shell.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0 | 0x20) || "/._-+:@=".utf8.contains($0)
    }
    if isPlain, !text.isEmpty { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
