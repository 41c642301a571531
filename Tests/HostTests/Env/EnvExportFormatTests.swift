import Foundation
import Testing

@testable import LockwiseHostSupport

/// Programs read the output of `export` back.
@Suite struct EnvExportFormatTests {
  private func home() throws -> EnvHome {
    let home = try EnvHome(AwkwardPasswords.logins)
    try home.write(AwkwardPasswords.file, to: "refs")
    return home
  }

  private func export(_ format: String, _ home: EnvHome) throws -> [UInt8] {
    try home.env("export", "--format", format, "-f", home.path("refs")).expectSuccess().outputBytes
  }

  @Test func isJSON() throws {
    let object = try JSONSerialization.jsonObject(with: Data(export("json", home()))) as? [String: String]
    #expect(object?.count == AwkwardPasswords.all.count)
    for (number, password) in AwkwardPasswords.all.enumerated() {
      #expect(object?["V\(number)"].map { Array($0.utf8) } == Array(password.utf8), "\(number)")
    }
  }

  @Test func isSeparatedByNUL() throws {
    let output = try export("null", home())
    #expect(output.last == 0)
    let variables = EnvExportShellTests.variables(output)
    for (number, password) in AwkwardPasswords.all.enumerated() {
      #expect(variables["V\(number)"] == Array(password.utf8))
    }
  }

  /// Reads as the runner of GitHub Actions does: lines end at a line feed.
  @Test func isReadByGitHub() throws {
    let home = try home()
    let output = try export("github", home)
    var lines = output.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
    var values: [String: [UInt8]] = [:]
    var delimiters: Set<String> = []
    while let head = lines.popFirst(), !head.isEmpty {
      let parts = String(decoding: head, as: UTF8.self).split(separator: "<<", maxSplits: 1).map(String.init)
      var value: [ArraySlice<UInt8>] = []
      while let line = lines.popFirst(), !line.elementsEqual(parts[1].utf8) { value.append(line) }
      values[parts[0]] = Array(value.joined(separator: [0x0A]))
      delimiters.insert(parts[1])
    }
    #expect(values.count == AwkwardPasswords.all.count && delimiters.count == values.count)
    for (number, password) in AwkwardPasswords.all.enumerated() {
      #expect(values["V\(number)"] == Array(password.utf8))
    }
    #expect(try export("github", home) != output)
  }

  /// The passwords that the format accepts, by their variable.
  private func accepted(_ format: String, _ home: EnvHome) throws -> [String: String] {
    var accepted: [String: String] = [:]
    for (number, password) in AwkwardPasswords.all.enumerated() {
      let run = try home.env("export", "--format", format, "V\(number)=lockwise://example.com/user\(number)")
      if run.status == 0 {
        accepted["V\(number)"] = password
      } else {
        #expect(run.status == 1 && run.output == "" && run.error.contains("cannot export V\(number): "), "\(run.error)")
      }
    }
    return accepted
  }

  @Test func isReadAlikeByReadersOfDotenv() throws {
    let home = try home()
    let accepted = try accepted("dotenv", home)
    let refused = AwkwardPasswords.all.filter { !accepted.values.contains($0) }
    #expect(
      refused.allSatisfy { password in
        password.unicodeScalars.contains { "'\\\r".unicodeScalars.contains($0) } || password.contains("${")
      })
    #expect(accepted.count >= 10)
    let references = accepted.keys.sorted().map { "\($0)=lockwise://example.com/user\($0.dropFirst())" }
    let output = try home.env(["export", "--format", "dotenv"] + references).expectSuccess().output
    let file = try home.write(output, to: "dotenv")
    var readers: [(String, [String])] = [("/bin/sh", ["-c", "set -a; . \(file); exec cat /proc/self/environ"])]
    if let node = try? Executables.ofSystem("node"),
      try home.program(node, ["--env-file=\(file)", "-e", ""]).status == 0
    {
      let code = "require('fs').writeSync(1, Object.entries(process.env).map(([n, v]) => n + '=' + v + '\\0').join(''))"
      readers.append((node, ["--env-file=\(file)", "-e", code]))
    }
    let python = try Executables.ofSystem("python3")
    if try home.program(python, ["-c", "import dotenv"]).status == 0 {
      let code =
        "import dotenv,sys; sys.stdout.buffer.write(b''.join(f'{n}={v}\\0'.encode() for n, v in dotenv.dotenv_values('\(file)').items()))"
      readers.append((python, ["-c", code]))
    }
    for (program, arguments) in readers {
      let variables = EnvExportShellTests.variables(try home.program(program, arguments).expectSuccess().outputBytes)
      for (name, password) in accepted { #expect(variables[name] == Array(password.utf8), "\(program) \(name)") }
    }
  }

  @Test func writesLinesForDocker() throws {
    let home = try home()
    let accepted = try accepted("docker", home)
    #expect(accepted.values.allSatisfy { !$0.utf8.contains(0x0A) && !$0.utf8.contains(0x0D) } && accepted.count >= 12)
    let reference = "V0=lockwise://example.com/user0"
    #expect(try home.env("export", "--format", "docker", reference).output == "V0=it's\n")
  }
}
