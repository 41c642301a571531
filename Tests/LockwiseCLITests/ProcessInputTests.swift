import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI

@Suite struct ProcessInputTests {
  private let environment = Environment(["PATH": "/usr/bin:/bin"])

  /// More than a pipe holds, both ways (pipe(7)).
  @Test func inputAndOutputMayBeLargerThanAPipe() throws {
    signal(SIGPIPE, SIG_IGN)
    let input = SecretBytes(copying: (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
    let output = try ChildProcess.output(of: "cat", [], environment: environment, input: input, limit: 1 << 20)
    #expect(output == input)
    #expect(throws: ChildProcess.Failure.tooMuchOutput(program: "cat")) {
      _ = try ChildProcess.output(of: "cat", [], environment: environment, input: input, limit: 999_999)
    }
  }

  @Test func aProgramMayEndBeforeItHasReadAll() throws {
    signal(SIGPIPE, SIG_IGN)
    let input = SecretBytes(copying: [UInt8](repeating: 65, count: 1_000_000))
    let output = try ChildProcess.output(of: "head", ["-c", "3"], environment: environment, input: input)
    #expect(output.exposedText() == "AAA")
    #expect(try ChildProcess.run("true", [], environment: environment, input: input) == .exited(0))
  }

  @Test func theEndOfAProgramIsReported() throws {
    let (ending, output) = try ChildProcess.exchange(
      with: "sh", ["-c", "cat; exit 7"], environment: environment, input: SecretBytes(utf8: "text"))
    #expect(ending == .exited(7))
    #expect(output.exposedText() == "text")
    #expect(try ChildProcess.run("sh", ["-c", "kill -TERM $$"], environment: environment) == .signalled(SIGTERM))
    #expect(
      try ChildProcess.run(
        "sh", ["-c", "test \"$(cat)\" = x"], environment: environment, input: SecretBytes(utf8: "x")
      )
      .isSuccess)
    #expect(ChildProcess.Ending.signalled(SIGTERM).shellStatus == 143)
  }

  @Test func aProgramThatReadsNothingIsKilledWhenTheTimeIsOver() throws {
    let began = Milliseconds.monotonic()
    #expect(throws: ChildProcess.Failure.failed(program: "sleep", status: nil)) {
      _ = try ChildProcess.output(
        of: "sleep", ["100"], environment: environment,
        input: SecretBytes(copying: [UInt8](repeating: 65, count: 1_000_000)), timeout: 200)
    }
    #expect(Milliseconds.monotonic() - began < 20_000)
  }
}
