import Foundation
import LockwiseTestSupport

@testable import LockwiseHostSupport

/// A home with a Firefox that has logins, each program that `setup` knows, and files of theirs.
final class SetupTestHome {
  /// Every question of `setup`, and an answer that goes on.
  static let questions: [(prompt: String, answer: String)] =
    [("Number [1]:", "1"), ("New passphrase for the vault:", passphrase), ("The same passphrase again:", passphrase)]
    + steps.map { ("Set up \($0)? [", "y") }
  static let steps = ["git", "ssh", "sudo", "pass", "direnv", "docker", "timer", "lock-on-suspend"]
  private static let passphrase = "uranium & 1903"

  let local: LocalHome
  let environment: [String: String]
  private var home: String { environment["HOME", default: ""] }

  init() throws {
    local = try LocalHome()
    let scratch = local.scratch
    let programs = scratch.root + "/programs"
    var environment = scratch.environment
    environment["PATH"] = programs + ":" + environment["PATH", default: ""]
    environment["SHELL"] = "/bin/bash"
    // git's file is in the home directory, too.
    environment["GIT_CONFIG_GLOBAL"] = nil
    self.environment = environment
    try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
    for name in ["ssh", "sudo", "pass", "direnv", "docker", "gdbus"] {
      try FileManager.default.createSymbolicLink(atPath: programs + "/" + name, withDestinationPath: "/bin/true")
    }
    let systemctl = TestVectors.fixtures.deletingLastPathComponent().appendingPathComponent("Programs/systemctl").path
    try FileManager.default.createSymbolicLink(atPath: programs + "/systemctl", withDestinationPath: systemctl)
    try write("[user]\n\tname = Marie\n[credential]\n\thelper = cache", to: ".gitconfig", mode: 0o640)
    try write("umask 022\nexport A=1", to: "dotfiles/profile", mode: 0o644)
    try FileManager.default.createSymbolicLink(atPath: home + "/.profile", withDestinationPath: "dotfiles/profile")
    try write("{\n\t\"psFormat\": \"{{.Names}}\"\n}", to: ".docker/config.json", mode: 0o600)
    try write("marie\n", to: ".password-store/.gpg-id", mode: 0o600)
    try write("", to: ".local/state/other", mode: 0o600)
  }

  private func write(_ text: String, to name: String, mode: mode_t) throws {
    let path = home + "/" + name
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try local.scratch.write(text, to: path)
    chmod(path, mode)
  }

  /// Runs `lockwise-sync` without a terminal.
  func sync(_ arguments: String...) throws -> Run {
    try Run.program(Executables.path("lockwise-sync"), arguments, environment: environment)
  }

  /// Starts `lockwise-sync setup` at a terminal.
  func setup() throws -> PseudoTerminal {
    try PseudoTerminal(Executables.path("lockwise-sync"), ["setup"], environment: environment)
  }

  /// Everything in the home directory: kind, permissions, owner and content by path. The profile is left out.
  func tree() throws -> [String: String] {
    var tree: [String: String] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: home) where !name.hasPrefix(".mozilla") {
      let path = home + "/" + name
      var info = stat()
      guard lstat(path, &info) == 0 else { continue }
      let head = "\(String(info.st_mode, radix: 8)) \(info.st_uid) \(info.st_gid) "
      switch info.st_mode & S_IFMT {
      case S_IFREG: tree[name] = head + (FileManager.default.contents(atPath: path) ?? Data()).base64EncodedString()
      case S_IFLNK: tree[name] = head + (try FileManager.default.destinationOfSymbolicLink(atPath: path))
      default: tree[name] = head
      }
    }
    return tree
  }
}
