import Foundation
import Testing

/// An sshd that asks whatever a test says, and records the answers (`Tests/Servers/pam-prompts.c`).
final class LyingServer {
  let server: SSHServer
  private let prompts: String
  private let record: String

  /// Whether a C compiler is available, which is part of Swift's toolchain.
  static let isPossible = PrivateSystem.isPossible && (try? Executables.ofSystem("cc")) != nil

  /// The reason for skipping a test.
  static let requirement: Comment = "needs root, unshare(1), an overlay over /etc, sshd and a C compiler"

  /// Starts a server.
  ///
  /// - Parameter prompts: the prompts of each attempt to sign in. Every attempt fails.
  init(_ home: AskpassHome, prompts: [String]) throws {
    let root = home.scratch.root
    (self.prompts, record) = (root + "/prompts", root + "/answers")
    try Run.program(
      Executables.ofSystem("cc"),
      ["-shared", "-fPIC", "-o", root + "/pam_prompts.so", TestServers.path("pam-prompts.c")],
      environment: ["PATH": "/usr/bin:/bin"]
    ).expectSuccess()
    server = try SSHServer(
      home, service: "auth required \(root)/pam_prompts.so \(self.prompts) \(record)", options: ["LoginGraceTime 0"])
    try Data(prompts.joined(separator: "\0").utf8 + [0]).write(to: URL(fileURLWithPath: self.prompts))
  }

  /// Returns the answers since the last call.
  func takeAnswers() -> [String] {
    defer { unlink(record) }
    let text = (try? String(contentsOfFile: record, encoding: .utf8)) ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}
