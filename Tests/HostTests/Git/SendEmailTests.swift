import Foundation
import Testing

@testable import LockwiseHostSupport

/// `git send-email` with a password saved for `smtp://host:port`.
@Suite struct SendEmailTests {
  /// The commands that the mail server received.
  private struct Log {
    let attempts: [String]
    let mails: Int
  }

  private let username = "marie@example.org"
  private let password = "mail & = password"

  /// A mail server with its received commands.
  private func withServer(_ git: Git, _ body: (GitTestHome, _ address: String, () throws -> Log) throws -> Void) throws
  {
    let stage = try GitTestHome(git)
    let process = try RunningProgram(
      Executables.ofSystem("python3"), [TestServers.path("smtp-server.py"), username, password],
      environment: stage.scratch.environment)
    defer {
      process.signal(SIGKILL)
      _ = try? process.finish(timeout: 10)
    }
    let ports = try TestServers.ports(of: process, count: 2)
    let control = ControlClient(port: try #require(UInt16(exactly: ports[1])))
    stage.configuration = """
      [sendemail]
      \tsmtpServer = 127.0.0.1
      \tsmtpServerPort = \(ports[0])
      \tsmtpUser = \(username)
      \tconfirm = never
      \tfrom = \(username)
      \tto = pierre@example.org
      """
    try body(stage, "smtp://127.0.0.1:\(ports[0])") {
      let list = try control.json("GET", "/") as? [[String: Any]] ?? []
      return Log(
        attempts: list.compactMap { entry in
          (entry["password"] as? String).map { "\(entry["username"] as? String ?? ""):\($0)" }
        }, mails: list.filter { $0["text"] != nil }.count)
    }
  }

  private func send(_ stage: GitTestHome) throws -> Run {
    let patch = stage.scratch.root + "/0001-x.patch"
    try stage.scratch.write(
      "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: Marie <\(username)>\n"
        + "Date: Thu, 1 Jan 2026 00:00:00 +0000\nSubject: [PATCH] x\n\n---\n", to: patch)
    return try stage.run("send-email", "--quiet", patch)
  }

  @Test(arguments: Git.all) func usesASavedPassword(git: Git) throws {
    try withServer(git) { stage, address, seen in
      try stage.saveInFirefox("firefox00001", username: username, password: password, realm: "smtp", origin: address)
      // The login of the web site does not apply to its mail server.
      try stage.saveInFirefox(
        "firefox00002", username: username, password: "web",
        origin: address.replacing("smtp://", with: "https://"))
      try stage.stage.signInAndPull()
      try send(stage).expectSuccess()
      #expect(try seen().attempts == ["\(username):\(password)"])
      #expect(try seen().mails == 1)
      #expect(stage.takeQuestions() == [])
    }
  }

  @Test(arguments: Git.all) func savesATypedPassword(git: Git) throws {
    try withServer(git) { stage, address, seen in
      try stage.stage.signInAndPull()
      stage.person = ["Password": password]
      try send(stage).expectSuccess()
      #expect(stage.takeQuestions().count == 1)
      stage.person = [:]
      try send(stage).expectSuccess()
      #expect(stage.takeQuestions() == [])
      #expect(try seen().attempts == Array(repeating: "\(username):\(password)", count: 2))
      #expect(try seen().mails == 2)
      try stage.awaitStored(at: address) { $0.values.map { $0["password"] as? String } == [password] }
    }
  }
}
