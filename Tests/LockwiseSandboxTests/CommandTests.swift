import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseSandbox

/// The executable `lockwise-sandbox`.
@Suite struct CommandTests {
  static let program = TestSandbox.fixture.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: ".build/debug/lockwise-sandbox")

  /// A program that writes to a pipe.
  private func start(
    _ arguments: [String], input: String = "", through shell: String? = nil
  ) throws -> (process: TestProcess, output: FileHandle) {
    let (output, standardInput) = (Pipe(), Pipe())
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let process = try TestProcess(
      (shell.map { ["/bin/sh", "-c", $0] } ?? []) + [Self.program.path] + arguments,
      descriptors: [standardInput.fileHandleForReading.fileDescriptor, output.fileHandleForWriting.fileDescriptor, nil])
    try output.fileHandleForWriting.close()
    return (process, output.fileHandleForReading)
  }

  /// Waits on a separate thread.
  private func blocking<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: body()) }
    }
  }

  private func run(_ arguments: [String]) async throws -> (status: Int32, output: String, errors: String) {
    let ended = try await blocking { Result { try TestProcess.run([Self.program.path] + arguments) } }.get()
    return (
      ended.status, String(decoding: ended.output, as: UTF8.self), String(decoding: ended.errors, as: UTF8.self)
    )
  }

  @Test func exitsWithTheRightStatus() async throws {
    #expect(try await run(["--version"]).output == SandboxVersion.text + "\n")
    let help = try await run(["--help"])
    #expect(help.status == 0 && help.output.contains("--fixture") && help.output.contains("__sandbox__"))
    let switches = try await run(["--switches"])
    #expect(switches.output.contains("hawk.skew=60") && switches.status == 0)
    for wrong in [
      ["--nonsense"], ["--port", "x"], ["--generate", "5"], ["--set", "no.such=1"], ["--account", "a@b"],
      ["--stretching", "3"], ["--public-url", "ftp://x"],
    ] {
      let ended = try await run(wrong)
      #expect(ended.status == 64, "\(wrong)")
      #expect(ended.output.isEmpty && !ended.errors.isEmpty, "\(wrong)")
    }
    let missing = try await run(["--fixture", "/nonexistent"])
    #expect(missing.status == 1 && missing.errors.contains("/nonexistent/account.json"))
    #expect(try await run(["--account", "a@b", "--password-stdin"]).status == 1)
  }

  @Test func servesAndSaves() async throws {
    let folder = NSTemporaryDirectory() + "sandbox-command-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let arguments = [
      "--state", folder + "/state.json", "--port-file", folder + "/port", "--log", folder + "/log", "--quiet",
    ]
    for round in 0..<2 {
      let new = round == 0 ? ["--account", "a@example.org", "--password-stdin", "--generate", "3"] : []
      let (process, handle) = try start(arguments + new, input: "secret\n")
      let line = await blocking { handle.availableData }
      let url = String(decoding: line, as: UTF8.self)
      let port = try String(contentsOfFile: folder + "/port", encoding: .utf8)
      #expect(url == "http://127.0.0.1:\(port)")
      let number = try #require(UInt16(port.trimmingCharacters(in: .whitespacesAndNewlines)))
      _ = try await RawHTTP.send(port: number, method: "GET", target: "/nothing")
      let response = try await RawHTTP.send(port: number, method: "GET", target: "/__sandbox__/state")
      let state = try JSON(parsing: response.body)
      #expect(state["accounts"]?.list?.first?["email"] == "a@example.org")
      #expect(state["storage"]?["1001"]?["collections"]?["passwords"]?["count"] == 3)
      kill(process.pid, round == 0 ? SIGTERM : SIGINT)
      #expect(process.wait() == 0)
      let rest = await blocking { handle.readDataToEndOfFile() }
      #expect(rest.isEmpty)
    }
    let log = try String(contentsOfFile: folder + "/log", encoding: .utf8)
    #expect(log.split(separator: "\n").count == 2 && log.contains("unserved"))
    #expect(!(try String(contentsOfFile: folder + "/state.json", encoding: .utf8)).contains("secret\""))
  }

  @Test func exitsWithItsParent() async throws {
    let (shell, handle) = try start(
      ["--quiet", "--exit-with-parent"], through: "\"$0\" \"$@\" & exec sleep 100")
    let line = await blocking { handle.availableData }
    #expect(String(decoding: line, as: UTF8.self).hasPrefix("http://127.0.0.1:"))
    kill(shell.pid, SIGKILL)
    shell.wait()
    let port = try #require(
      UInt16(String(decoding: line, as: UTF8.self).split(separator: ":").last?.dropLast() ?? ""))
    var gone = false
    for _ in 0..<100 where !gone {
      do { _ = try await RawHTTP.send(port: port, method: "GET", target: "/") } catch { gone = true }
      if !gone { try await Task.sleep(for: .milliseconds(50)) }
    }
    #expect(gone)
  }
}
