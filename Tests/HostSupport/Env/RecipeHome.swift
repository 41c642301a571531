import Foundation
import Testing

/// A home with the logins that `docs/recipes.md` uses, in which its commands run as they are.
final class RecipeHome {
  /// A password that quotes, blanks and shells can spoil.
  static let password = "a\"b $HOME `id` \\x;y#z'%"
  /// A password that every configuration file can hold.
  static let plain = "radium-88/A+b="

  let home: EnvHome
  let recipes: Recipes
  /// The user's home folder.
  let folder: String
  private var servers: [RunningProgram] = []

  /// Makes the home.
  init() throws {
    recipes = try Recipes()
    home = try EnvHome([
      .init(origin: "https://aws.amazon.com", username: "deploy", password: Self.password),
      .init(origin: "https://cluster.example.org", username: "deploy", password: Self.plain),
      .init(origin: "https://ansible.example.org", username: "default", password: Self.password),
      .init(origin: "https://ansible.example.org", username: "prod", password: "of production"),
      .init(origin: "https://backup.example.org", username: "restic", password: Self.password),
      .init(origin: "https://backup.example.org", username: "borg", password: " " + Self.password + " "),
      .init(origin: "https://mail.example.org", username: "marie", password: Self.password),
      .init(origin: "https://crates.io", username: "marie", password: Self.plain),
      .init(origin: "https://api.example.org", username: "marie", password: Self.plain),
      .init(
        origin: "https://db.example.org", username: "app", password: "another",
        notes: "pgpass: db.example.org:*:*:app:\(Self.plain)\n"),
      .init(origin: "https://registry.example.org", username: "marie", password: Self.plain),
    ])
    folder = home.environment["HOME", default: ""]
    home.environment["LOCKWISE_NO_PROMPT"] = "1"
    home.environment["USER"] = "marie"
    try FileManager.default.createDirectory(atPath: folder + "/documents", withIntermediateDirectories: false)
    try home.scratch.write("radium\n", to: folder + "/documents/notes")
  }

  deinit {
    for server in servers {
      server.signal(SIGKILL)
      _ = try? server.finish(timeout: 10)
    }
  }

  /// Returns the path of a program in the usual folders, or of this user; `nil` if it is not installed.
  static func path(of program: String) -> String? {
    let home = ProcessInfo.processInfo.environment["HOME"] ?? ""
    return ["/usr/bin", "/usr/local/bin", "/usr/sbin", home + "/.cargo/bin"].map { "\($0)/\(program)" }
      .first { access($0, X_OK) == 0 }
  }

  /// Writes the files of a section.
  ///
  /// - Parameter around: what to add around the text of a file that the document shows in part.
  func writeFiles(_ section: String, around: [String: (before: String, after: String)] = [:]) throws {
    let paths = try #require(recipes.files[section]?.keys, "no files under \(section)")
    for path in paths {
      let (before, after) = around[path] ?? ("", "")
      let target = folder + "/" + path
      try FileManager.default.createDirectory(
        atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try home.scratch.write(before + recipes.file(section, path, home: folder) + after, to: target)
    }
  }

  /// Runs a line in bash in the home folder.
  func shell(_ line: String, with variables: [String: String] = [:]) throws -> Run {
    try home.program("/bin/bash", ["-c", "cd && \(line)"], with: variables, timeout: 120)
  }

  /// Starts a server of `Tests/Servers` in Python.
  ///
  /// - Returns: its ports.
  func serve(_ script: String, _ arguments: String..., ports: Int = 1) throws -> [Int] {
    let server = try RunningProgram(
      Executables.ofSystem("python3"), [TestServers.path(script)] + arguments, environment: home.environment)
    servers.append(server)
    return try TestServers.ports(of: server, count: ports)
  }

  /// Returns the lines that a server logged.
  func log(_ path: String) -> [String] {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  /// Returns the requests that `authorization-server.py` logged: method, path, `Authorization` and body.
  func requests(_ path: String) throws -> [[String?]] {
    try log(path).map { line in
      let list = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any] ?? []
      return list.map { $0 as? String }
    }
  }
}
