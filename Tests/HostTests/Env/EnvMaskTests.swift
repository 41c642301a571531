import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// `lockwise-env run --mask` without a terminal.
@Suite struct EnvMaskTests {
  private static let password = "hunter22"

  private func home(_ password: String = password, notes: String? = nil) throws -> EnvHome {
    try EnvHome([EnvHome.Login(username: "alice", password: password, notes: notes)])
  }

  private func mask(_ home: EnvHome, _ command: [String], input: Input = .none) throws -> Run {
    try home.env(["run", "--mask", "P=lockwise://example.com", "--"] + command, input: input)
  }

  @Test func hidesSecretsInBothStreams() throws {
    let run = try mask(home(), ["sh", "-c", #"echo "out $P"; echo "error $P" >&2"#])
    #expect(run.output == "out <hidden:P>\n" && run.error == "error <hidden:P>\n" && run.status == 0)
  }

  @Test func givesTheCommandTheSecret() throws {
    let run = try mask(home(), ["sh", "-c", #"[ "$P" = hunter22 ] && echo same"#])
    #expect(run.output == "same\n")
  }

  @Test(arguments: ["0", "0.001"]) func hidesSecretsWrittenByteByByte(pause: String) throws {
    let script = """
      import os, time
      for byte in b'a ' + os.environb[b'P'] * 2 + b' b': os.write(1, bytes([byte])); time.sleep(\(pause))
      """
    let run = try mask(home(), ["python3", "-c", script])
    #expect(run.output == "a <hidden:P><hidden:P> b")
  }

  @Test func showsThreeBytesOfASlowSecret() throws {
    let script = "import os, time\nfor byte in os.environb[b'P']: os.write(1, bytes([byte])); time.sleep(0.25)\n"
    let run = try mask(home(), ["python3", "-c", script])
    #expect(run.output == "hun<hidden:P>")
  }

  @Test func showsAPromptThatMayBeASecret() throws {
    // "h" may be the beginning. It must appear while the command waits.
    let home = try home()
    let running = try RunningProgram(
      home.bin + "/lockwise-env",
      ["run", "--mask", "P=lockwise://example.com", "--", "sh", "-c", "printf 'go h'; read x; echo $x"],
      input: .beginning(""), environment: home.environment)
    #expect(Deadline(seconds: 20).await { running.outputSoFar == "go h" })
    running.finishInput("on\n")
    #expect(try running.finish().output == "go hon\n")
  }

  @Test func hidesSecretsAtBoundariesOfPipes() throws {
    let script = """
      import os
      p = os.environb[b'P']
      for n in range(65536 - len(p) - 1, 65536 + 2): os.write(1, b'.' * n + p + b'\\n')
      """
    let run = try mask(home(), ["python3", "-c", script])
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == Self.password.count + 3)
    for (line, count) in zip(lines, (65536 - Self.password.count - 1)...) {
      #expect(line == String(repeating: ".", count: count) + "<hidden:P>")
    }
  }

  @Test func leavesOtherBytesAlone() throws {
    let home = try home("a long enough password")
    var generator = TestSeed.generator()
    let noise = generator.bytes(300_000)
    let run = try mask(home, ["cat"], input: .bytes(noise))
    #expect(run.outputBytes == noise)
    let errors = try mask(home, ["sh", "-c", "cat >&2"], input: .bytes(noise))
    #expect(errors.errorBytes == noise)
  }

  @Test(arguments: [
    "print(json.dumps(p))", "print(json.dumps(p, ensure_ascii=False))", "print(json.dumps(p).replace('/', '\\\\/'))",
    "print(urllib.parse.quote(p))", "print(urllib.parse.quote(p, safe=''))", "print(urllib.parse.quote_plus(p))",
    "print(urllib.parse.urlencode({'k': p}))", "print(urllib.parse.quote(p, safe='').lower())",
    "print(base64.b64encode(b).decode())", "print(base64.urlsafe_b64encode(b).decode())",
    "print(base64.b64encode(b'u:' + b + b':x').decode())", "print(base64.b64encode(b'u' + b).decode())",
    "print(base64.encodebytes(b'admin:' + b + b'x' * 99).decode())",
  ])
  func hidesEncodingsOfPython(statement: String) throws {
    // No upper-case letters, which lower() would change.
    let password = #"q"w\e/r<t>y&'z+ü €😀~!*()_-. #=?%"# + "\t\u{7F}\u{2028}end"
    let script = "import os, json, base64, urllib.parse\np = os.environ['P']; b = p.encode()\n\(statement)"
    let run = try mask(home(password), ["python3", "-c", script])
    try expectHidden(run, password)
  }

  @Test(
    .enabled(if: access("/usr/bin/node", X_OK) == 0, "node is not installed"),
    arguments: [
      "JSON.stringify(p)", "encodeURIComponent(p)", "new URLSearchParams({ p }).toString()", "btoa('1234567')",
      "Buffer.from(p).toString('base64')", "Buffer.from('u:' + p).toString('base64url')",
    ])
  func hidesEncodingsOfNode(expression: String) throws {
    let password = #"q"w\e/r<t>y&'z+ü €😀~!*()_-. #=?%"# + "\t\u{7F}\u{2028}end"
    let run = try mask(home(password), ["node", "-e", "const p = process.env.P; console.log(\(expression))"])
    if expression.contains("1234567") {
      #expect(run.output == "MTIzNDU2Nw==\n")
    } else {
      try expectHidden(run, password)
    }
  }

  @Test(arguments: [
    #"printf %s "$P" | base64"#, #"printf 'user:%s' "$P" | base64 -w 20"#, #"printf '1%s' "$P" | openssl base64"#,
    #"printf %s "$P" | openssl base64 -A"#,
  ])
  func hidesBase64OfPrograms(script: String) throws {
    let password = String(repeating: "correct horse battery staple! ", count: 12)
    let run = try mask(home(password), ["sh", "-c", script])
    #expect(run.output.contains("<hidden:P>") && run.output.filter { !$0.isNewline }.count < 30, "\(run.output)")
  }

  @Test func hidesEachLineOfNotes() throws {
    let home = try home(notes: "first line\n\nab\nsecond line\n")
    let run = try home.env(
      "run", "--mask", "N=lockwise://example.com/alice/notes", "--", "sh", "-c",
      #"printf '%s|' "$(echo "$N" | sed -n 4p)" ab "$(echo "$N" | sed -n 1p)""#)
    #expect(run.output == "<hidden:N>|ab|<hidden:N>|", "\(run.output) \(run.error)")
  }

  @Test func warnsAboutShortSecrets() throws {
    let run = try mask(home("abc"), ["sh", "-c", "echo $P"])
    #expect(run.output == "abc\n" && run.status == 0)
    #expect(run.errorLines.count == 1 && run.error.contains("P") && !run.error.contains("abc"))
  }

  @Test func leavesUserNamesAndLiterals() throws {
    let run = try home().env(
      "run", "--mask", "U=lockwise://example.com/alice/username", "L=literal", "P=lockwise://example.com", "--", "sh",
      "-c", "echo $U $L $P")
    #expect(run.output == "alice literal <hidden:P>\n")
  }

  @Test func hidesSecretsOfFilesAndInput() throws {
    let run = try home().env(
      "run", "--mask", "--file", "F=lockwise://example.com", "--stdin", "lockwise://example.com", "--", "sh", "-c",
      #"cat "$F"; echo; cat; echo; case $F in /proc/$$/fd/*) echo own;; esac"#)
    #expect(run.output.hasPrefix("<hidden:F>\n<hidden:") && run.output.hasSuffix(">\nown\n"), "\(run.output)")
    #expect(!run.output.contains(Self.password))
  }

  /// Checks that nothing but a few characters around the hidden part is left.
  private func expectHidden(_ run: Run, _ password: String) throws {
    #expect(run.status == 0, "\(run.error)")
    #expect(run.output.contains("<hidden:P>"), "\(run.output)")
    let rest = run.output.split(separator: "<hidden:P>", omittingEmptySubsequences: false)
    // 99 bytes follow the secret in one case; each becomes at most two characters.
    #expect(rest.count == 2 && rest[0].count <= 12 && rest[1].count <= 200, "\(run.output)")
    for part in ["%C3", "%c3", "u00fc", "ü", "end", "2028"] { #expect(!run.output.contains(part), "\(run.output)") }
  }
}
