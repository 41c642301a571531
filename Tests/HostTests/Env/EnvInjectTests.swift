import Foundation
import Testing

@testable import LockwiseHostSupport

/// `inject`: files are replaced as a whole, or not touched.
@Suite struct EnvInjectTests {
  private func home() throws -> EnvHome {
    try EnvHome([
      .init(username: "alice", password: "it's \"secret\" é"),
      .init(username: "loop", password: "{{ lockwise://example.com/alice }}"),
    ])
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func replacesReferencesOnly() throws {
    let home = try home()
    let template =
      "a {{ lockwise://example.com/alice }} lockwise://example.com/alice {{ .x }} ${{ y }}\r\n{{lockwise://example.com/loop}}"
    let run = try home.env("inject", input: .text(template)).expectSuccess()
    #expect(
      run.output
        == "a it's \"secret\" é lockwise://example.com/alice {{ .x }} ${{ y }}\r\n{{ lockwise://example.com/alice }}")
    let bytes: [UInt8] = [0, 0xFF, 0x0D, 0x0A, 0xC3, 0x7B, 0x7B]
    #expect(try home.env("inject", input: .bytes(bytes)).expectSuccess().outputBytes == bytes)
  }

  @Test func convertsSecrets() throws {
    let home = try home()
    let reference = "lockwise://example.com/alice"
    let template =
      "{\"json\":{{ \(reference) | json }}}\n{{ \(reference)|uri }}\n{{ \(reference) | base64 }}\n{{ \(reference) | sh }}\n"
    let run = try home.env("inject", input: .text(template)).expectSuccess()
    #expect(
      run.lines == [
        #"{"json":"it's \"secret\" é"}"#, "it%27s%20%22secret%22%20%C3%A9",
        Data("it's \"secret\" é".utf8).base64EncodedString(),
        #"'it'\''s "secret" é'"#,
      ])
  }

  @Test func replacesAFile() throws {
    let home = try home()
    let template = try home.write("p={{ lockwise://example.com/alice }}\n", to: "template")
    let output = try home.write("old", to: "output")
    chmod(output, 0o666)
    try home.env("inject", "-i", template, "-o", output).expectSuccess()
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "p=it's \"secret\" é\n" && mode(output) == 0o600)
    try home.env("inject", "-i", template, "-o", output, "--mode", "0640").expectSuccess()
    #expect(try mode(output) == 0o640)
    // umask(2) of the caller.
    let script = "umask 0; lockwise-env inject -i \(template) -o \(home.path("other"))"
    try home.program("/bin/sh", ["-c", script]).expectSuccess()
    #expect(try mode(home.path("other")) == 0o600)
    #expect(try home.env("inject", "-i", template, "-o", output).output == "")
  }

  @Test func leavesTheFileAsItWas() throws {
    let home = try home()
    let output = try home.write("old", to: "output")
    chmod(output, 0o644)
    let before = try FileManager.default.attributesOfItem(atPath: output)[.systemFileNumber] as? Int
    func check(_ arguments: [String], _ status: Int32, _ input: String = "") throws {
      try home.env(["inject", "-o", output] + arguments, input: .text(input)).expectRefusal(status, by: "lockwise-env")
    }
    let missing = "{{ lockwise://example.com/alice }}\n{{ lockwise://example.com/eve }}"
    try check([], 1, missing)
    #expect(try home.env("inject", input: .text(missing)).error.contains("for standard input, line 2: "))
    try check([], 64, "{{ lockwise://example.com/alice")
    try check(["-i", "/nowhere/x"], 1)
    try check(["--mode", "9"], 64)
    try check(["operand"], 64)
    try home.env("inject", "--mode", "600").expectRefusal(64, by: "lockwise-env")
    try home.env("inject", "-o", home.path("none/x")).expectRefusal(1, by: "lockwise-env")
    try home.env("inject", "-o", "/dev/stdout").expectRefusal(1, by: "lockwise-env")
    let lockedHome = try self.home()
    try lockedHome.loseKey()
    let locked = try lockedHome.env(
      "inject", "-o", output, input: .text("{{ lockwise://example.com/alice }}"), with: ["LOCKWISE_NO_PROMPT": "1"])
    locked.expectRefusal(3, by: "lockwise-env")
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "old" && mode(output) == 0o644)
    #expect(try FileManager.default.attributesOfItem(atPath: output)[.systemFileNumber] as? Int == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: home.scratch.root)
    #expect(names.filter { $0.hasPrefix("output") } == ["output"])
  }
}
