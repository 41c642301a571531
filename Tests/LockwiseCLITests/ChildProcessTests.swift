import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

@Suite struct ChildProcessTests {
  private let environment = Environment(["PATH": "/usr/bin:/bin"])

  private func output(_ script: String, _ environment: Environment, in folder: ChildProcess.Folder = .root) throws
    -> String?
  {
    try ChildProcess.output(of: "sh", ["-c", script], environment: environment, in: folder).exposedText()
  }

  @Test func programsRunInTheRootFolder() throws {
    #expect(try output("pwd", environment) == "/\n")
    #expect(try output("pwd -P", environment, in: .current) != "/\n")
    let folder = try TemporaryFolder()
    try ChildProcess.launch(
      "sh", ["-c", "pwd > \(folder.path)/new; mv \(folder.path)/new \(folder.path)/place"], environment: environment)
    let place = folder.path + "/place"
    for _ in 0..<2000 where !FileManager.default.fileExists(atPath: place) { usleep(5000) }
    #expect(try String(contentsOfFile: place, encoding: .utf8) == "/\n")
  }

  @Test func aStartedProgramLooksForOthersInAbsoluteFoldersOnly() throws {
    for (path, expected) in [
      ("/usr/bin:/bin", "/usr/bin:/bin"), (".:/usr/bin:bin::/bin", "/usr/bin:/bin"), ("", ProgramSearch.standardPath),
    ] {
      #expect(try output("printf %s \"$PATH\"", Environment(["PATH": path])) == expected)
    }
    #expect(try output("printf %s \"$PATH\"", Environment([:])) == ProgramSearch.standardPath)
  }

  @Test func aMissingProgramIsNamed() {
    for name in ["lockwise-no-such-program", "./sh", "bin/sh", ""] {
      #expect(throws: ChildProcess.Failure.notFound(program: name)) {
        _ = try ChildProcess.output(of: name, [], environment: environment)
      }
    }
  }

  /// The bytes 0xFF and 0xC3 0x28 are not UTF-8.
  @Test func variablesArePassedOnByteForByte() throws {
    let name = "LOCKWISE_TEST_BYTES_\(UInt32.random(in: 0...UInt32.max))"
    try #require(Array("x\u{1}y".utf8).withUnsafeBufferPointer { _ in setBytes(name, [0xFF, 0x61, 0xC3, 0x28]) } == 0)
    defer { unsetenv(name) }
    let script = "printf %s \"$\(name)\" | od -An -tx1"
    #expect(try output(script, .ofProcess) == " ff 61 c3 28\n")
    // Setting another variable does not change that.
    #expect(try output(script, .ofProcess.setting("LOCKWISE_NO_PROMPT", to: "1")) == " ff 61 c3 28\n")
    #expect(try output("printf %s \"$LOCKWISE_NO_PROMPT\"", .ofProcess.setting("LOCKWISE_NO_PROMPT", to: "7")) == "7")
    #expect(try output(script, .ofProcess.setting(name, to: nil)) == "")
  }

  private func setBytes(_ name: String, _ bytes: [UInt8]) -> Int32 {
    (bytes.map(CChar.init(truncatingIfNeeded:)) + [0]).withUnsafeBufferPointer { setenv(name, $0.baseAddress!, 1) }
  }
}
