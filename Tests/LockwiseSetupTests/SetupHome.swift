import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSetup

/// A home directory, an installation of Lockwise and the programs that it is set up for.
final class SetupHome {
  let folder: TemporaryFolder
  var variables: [String: String]

  var path: String { folder.path + "/home" }
  private var prefix: String { folder.path + "/usr" }

  /// - Parameter programs: the programs in `PATH` other than those of Lockwise.
  init(_ programs: String..., shell: String = "/bin/bash") throws {
    folder = try TemporaryFolder()
    for name in ["home", "programs", "usr", "usr/bin", "usr/share", "usr/share/lockwise", "usr/share/lockwise/direnv"] {
      try folder.make(name)
    }
    variables = [
      "HOME": folder.path + "/home", "PATH": "\(folder.path)/programs:\(folder.path)/usr/bin", "SHELL": shell,
      "GIT_CONFIG_NOSYSTEM": "1",
    ]
    for name in ["lockwise-askpass", "lockwise-pass", "lockwise-env", "docker-credential-lockwise"] {
      try folder.write("usr/bin/" + name, "#!/bin/sh\n", mode: 0o755)
    }
    try folder.write("usr/bin/git-credential-lockwise", Self.gitHelper, mode: 0o755)
    try folder.write("usr/share/lockwise/direnv/lockwise.sh", "use_lockwise() { :; }\n")
    for name in programs {
      switch name {
      case "git": try folder.link("programs/git", to: "/usr/bin/git")
      case "systemctl": try folder.link("programs/systemctl", to: Self.programs + "/systemctl")
      default: try folder.write("programs/" + name, "#!/bin/sh\n", mode: 0o755)
      }
    }
  }

  private static let programs = TestVectors.fixtures.deletingLastPathComponent().appendingPathComponent("Programs").path

  /// What `git-credential-lockwise configure` does.
  private static let gitHelper = """
    #!/bin/sh
    [ "$1" = configure ] || exit 64
    echo 'git-credential-lockwise: notice: git uses it now' >&2
    exec /usr/bin/git config --global --add credential.helper lockwise

    """

  var context: SetupContext {
    get throws {
      try SetupContext(environment: Environment(variables), program: prefix + "/bin/lockwise-sync")
    }
  }

  func step(_ name: StepName) throws -> any SetupStep { try context.step(name) }

  /// Writes a file in the home directory, with the folders above it.
  func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
    var path = ""
    for part in name.split(separator: "/").dropLast() {
      path += "/" + part
      try folder.make("home" + path)
    }
    try folder.write("home/" + name, text, mode: mode)
  }

  func text(_ name: String) -> String? {
    // Foundation's own reading of text leaves a byte order mark out.
    FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Undoes everything in the record, the last change first.
  func unsetup() throws -> [Reversion] {
    let context = try context
    return try context.record.load().changes.reversed().map { change in
      let name = try #require(StepName(rawValue: change.step))
      let reversion = try context.step(name).revert(change)
      try context.record.update { record in record.changes.removeAll { $0 == change } }
      return reversion
    }
  }

  /// Everything in the home directory: the kind, the permissions and the content by path.
  var tree: [String: String] {
    var tree: [String: String] = [:]
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    for name in names {
      var info = stat()
      guard lstat(path + "/" + name, &info) == 0 else { continue }
      let mode = String(info.st_mode & 0o7777, radix: 8)
      switch info.st_mode & S_IFMT {
      case S_IFLNK:
        tree[name] = "link " + ((try? FileManager.default.destinationOfSymbolicLink(atPath: path + "/" + name)) ?? "?")
      case S_IFDIR: tree[name] = "folder \(mode)"
      default:
        let content = FileManager.default.contents(atPath: path + "/" + name) ?? Data()
        tree[name] = "file \(mode) " + content.map { String($0, radix: 16) }.joined(separator: " ")
      }
    }
    return tree
  }
}
