import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// `lockwise-sync export` (issue 17).
@Suite struct TransferExportTests {
  private let home: TransferHome
  private var path: String { home.scratch.root + "/out" }

  init() throws {
    home = try TransferHome([
      .whole("{1}", origin: "https://a.example", realm: nil, form: "", username: "é", password: "p \"1\"\nx"),
      .whole(
        "{2}", origin: "ssh://b.example", realm: "ssh", username: "root", password: "p 2",
        more: ["lockwise": #"{"notes":"a note\n"}"#, "unknown": "[1.50]"]),
    ])
  }

  private func mode(_ path: String) -> mode_t {
    var info = stat()
    return stat(path, &info) == 0 ? info.st_mode & 0o7777 : 0
  }

  private func read() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func writesFirefoxCSVForTheUserAlone() throws {
    let run = try Run.program(
      "/bin/sh",
      ["-c", "umask 0; exec \"$@\"", "sh", Executables.path("lockwise-sync"), "export", "--yes", "-o", path],
      environment: home.scratch.environment
    ).expectSuccess()
    #expect(
      run.output.isEmpty && run.error.contains("notes, one-time codes and entry names of 1 login"), "\(run.error)")
    run.expectWellFormedErrors(by: "lockwise-sync")
    #expect(mode(path) == 0o600)
    let text = try read()
    #expect(text.hasPrefix("\"url\",\"username\",\"password\",\"httpRealm\",") && !text.hasSuffix("\n"))
    #expect(text.contains("\"https://a.example\",\"é\",\"p \"\"1\"\"\nx\",,\"\",\"{1}\",\"1700000000000\",,"))
  }

  @Test func anotherVaultReadsTheJSONWithoutLoss() throws {
    try home.sync("export", "--yes", "--format", "json", "-o", path).expectSuccess()
    let other = try TransferHome()
    try other.sync("import", "--yes", path).expectSuccess()
    func records(_ home: TransferHome) throws -> Set<String> {
      var records: Set<String> = []
      try home.scratch.openVault().forEachLogin { records.insert($0.json.exposedText() ?? "") }
      return records
    }
    #expect(try records(other) == records(home) && records(home).count == 2)
  }

  @Test func overwritesNothingByDefault() throws {
    try home.scratch.write("mine", to: path)
    try home.sync("export", "--yes", "-o", path).expectRefusal(1, "it exists", "--force")
    #expect(try read() == "mine")
    try home.sync("export", "--yes", "--force", "-o", path).expectSuccess()
    #expect(try read().contains("https://a.example") && mode(path) == 0o600)
    let target = home.scratch.root + "/target"
    try home.scratch.write("mine", to: target)
    unlink(path)
    symlink(target, path)
    for options in [[], ["--force"]] as [[String]] {
      let run = try Run.program(
        Executables.path("lockwise-sync"), ["export", "--yes", "-o", path] + options,
        environment: home.scratch.environment)
      run.expectRefusal(1, "not an ordinary file")
    }
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine")
    try home.sync("export", "--yes", "-o", home.scratch.root + "/none/out").expectRefusal(1, "No such file")
  }

  @Test func asksFirst() throws {
    try home.sync("export", "-o", path).expectRefusal(64, "without a terminal; nothing was written", "--yes")
    for (answer, status) in [("n\r", 1), ("\u{3}", 130)] as [(String, Int32)] {
      let terminal = try PseudoTerminal(
        Executables.path("lockwise-sync"), ["export", "-o", path], environment: home.scratch.environment)
      try terminal.expect("not encrypted")
      try terminal.expect("Write 2 passwords as clear text? [y/N]")
      terminal.send(answer)
      #expect(try terminal.finish().status == status)
      #expect(access(path, F_OK) != 0)
    }
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), ["export", "-o", path], environment: home.scratch.environment)
    try terminal.expect("[y/N]")
    terminal.enter("yes")
    #expect(try terminal.finish().status == 0)
    #expect(try read().contains("p 2"))
  }

  @Test func writesToAPipeButNotToATerminalOrAnOpenFile() throws {
    let run = try home.sync("export", "--yes", "-o", "-").expectSuccess()
    #expect(run.output.contains("\"https://a.example\""))
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), ["export", "--yes", "-o", "-"], environment: home.scratch.environment)
    let outcome = try terminal.finish()
    #expect(outcome.status == 64 && outcome.shown.contains("to a terminal") && !outcome.shown.contains("p 2"))
    func shell(_ mask: String) throws -> Run {
      try Run.program(
        "/bin/sh",
        [
          "-c", "umask \(mask); rm -f \"$0\"; exec \"$@\" >\"$0\"", path, Executables.path("lockwise-sync"), "export",
          "--yes",
          "-o", "-",
        ], environment: home.scratch.environment)
    }
    try shell("022").expectRefusal(64, "a file that others can read", "-o FILE")
    #expect(try read() == "")
    try shell("077").expectSuccess()
    #expect(try read().contains("p 2"))
  }

  @Test func leavesOutWhatNetrcCannotHold() throws {
    let run = try home.sync("export", "--yes", "--format", "netrc", "-o", "-").expectSuccess()
    #expect(run.output.isEmpty && run.error.contains("2 logins left out"), "\(run.error)")
  }

  @Test func writesAnEmptyVault() throws {
    let empty = try TransferHome()
    #expect(try empty.sync("export", "--yes", "--format", "json", "-o", "-").expectSuccess().output == "[]\n")
    #expect(try empty.sync("export", "--yes", "-o", "-").expectSuccess().output.hasSuffix("\"timePasswordChanged\""))
  }
}
