import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

@Suite struct ConfigurationTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/lockwise/config" }

  init() throws {
    folder = try TemporaryFolder()
    try folder.make("lockwise")
  }

  private func configuration(_ variables: [String: String] = [:]) -> Configuration {
    Configuration(Environment(["XDG_CONFIG_HOME": folder.path, "HOME": "/home/alice"].merging(variables) { $1 }))
  }

  private func configuration(_ text: String, _ variables: [String: String] = [:]) throws -> Configuration {
    try folder.write("lockwise/config", text)
    return configuration(variables)
  }

  @Test func linesSetWhatTheEnvironmentDoesNot() throws {
    let text = "# mine\n\n  pull-interval = 60\npinentry=pinentry-tty \r\n\tstore =  false\n"
    let file = try configuration(text)
    #expect(file["LOCKWISE_PULL_INTERVAL"] == "60")
    #expect(file.seconds("LOCKWISE_PULL_INTERVAL", fallback: 900) == 60)
    #expect(file["LOCKWISE_PINENTRY"] == "pinentry-tty")
    #expect(file["LOCKWISE_STORE"] == "false")
    #expect(!file.isOn("LOCKWISE_STORE"))
    #expect(file["LOCKWISE_HOME"] == nil)
    #expect(file.file.problems == [])
    let both = try configuration(text, ["LOCKWISE_PULL_INTERVAL": "5", "LOCKWISE_PINENTRY": ""])
    #expect(both["LOCKWISE_PULL_INTERVAL"] == "5")
    #expect(both.value("LOCKWISE_PINENTRY") == "")
    #expect(both["LOCKWISE_PINENTRY"] == nil)
  }

  @Test func theSourceOfASettingIsKnown() throws {
    let file = try configuration("\npull-interval = 60\nstore = no\n", ["LOCKWISE_STORE": "yes"])
    #expect(file.source("LOCKWISE_PULL_INTERVAL") == .file(path: path, line: 2))
    #expect(file.source("LOCKWISE_STORE") == .environment)
    #expect(file.source("LOCKWISE_ERASE") == .fallback)
  }

  @Test func theUnlockCommandIsReadFromTheFileAlone() throws {
    let variables = ["LOCKWISE_UNLOCK_COMMAND": "touch /tmp/bad", "lockwise-unlock-command": "x"]
    let file = try configuration("unlock-command = pass show 'a = b' # not a comment\n", variables)
    #expect(file.unlockCommand == "pass show 'a = b' # not a comment")
    #expect(file.source("LOCKWISE_UNLOCK_COMMAND") == .file(path: path, line: 1))
    #expect(try configuration("store = true\n", variables).unlockCommand == nil)
    #expect(try configuration("", variables)["LOCKWISE_UNLOCK_COMMAND"] == nil)
    #expect(try configuration("", variables).source("LOCKWISE_UNLOCK_COMMAND") == .fallback)
  }

  @Test func theFileIsFoundByTheEnvironment() throws {
    #expect(ConfigurationFile.path(Environment(["XDG_CONFIG_HOME": "/c", "HOME": "/h"])) == "/c/lockwise/config")
    #expect(
      ConfigurationFile.path(Environment(["XDG_CONFIG_HOME": "c", "HOME": "/h"])) == "/h/.config/lockwise/config")
    #expect(ConfigurationFile.path(Environment(["XDG_CONFIG_HOME": "", "HOME": "/h"])) == "/h/.config/lockwise/config")
    #expect(ConfigurationFile.path(Environment(["HOME": "h"])) == nil)
    #expect(configuration().file.refusal == nil)
    #expect(configuration().file.problems == [])
  }

  @Test(arguments: [
    ("puff-interval = 1", "unknown setting puff-interval"), ("Store = 1", "unknown setting Store"),
    ("LOCKWISE_STORE = 1", "unknown setting LOCKWISE_STORE"), ("store", "the line does not have the form name = value"),
    ("= 1", "the line does not have the form name = value"), ("[core]", "the line does not have the form name = value"),
    ("store = \u{0}", "the line does not have the form name = value"),
    ("pull-interval = 1h", "pull-interval must be a number of seconds"),
    ("home = vault", "home must be an absolute path"), ("ca-file = ./ca.pem", "ca-file must be an absolute path"),
    ("pinentry = ./pinentry", "pinentry must be a name or an absolute path"),
  ])
  func aLineThatSaysNothingIsReportedAndPassedOver(line: String, reason: String) throws {
    let file = try configuration("pull-timeout = 7\n\(line)\nerase = none\n")
    #expect(file.file.problems == [.init(path: path, line: 2, reason: reason)])
    #expect(file.file.entries.count == 2)
    #expect(file["LOCKWISE_ERASE"] == "none")
    var lines: [String] = []
    let collector = LineCollector()
    file.reportProblems(to: Diagnostics(program: "git-credential-lockwise") { collector.append($0) })
    lines = collector.removeAll()
    #expect(lines == ["git-credential-lockwise: notice: \(path):2: \(PrintableText.of(reason))\n"])
  }

  @Test func severalSuchLinesAreReportedInOne() throws {
    let file = try configuration("a = 1\nb = 1\nstore = 1\nstore = 0\n")
    #expect(file.file.problems.map(\.line) == [1, 2, 4])
    #expect(file["LOCKWISE_STORE"] == "0")
    let collector = LineCollector()
    file.reportProblems(to: Diagnostics(program: "x") { collector.append($0) })
    #expect(collector.removeAll() == ["x: notice: \(path):1: unknown setting a (and 2 more: lockwise-sync doctor)\n"])
  }

  @Test func invalidUTF8AffectsOnlyItsLine() throws {
    try folder.write("lockwise/config", Data("entry = ".utf8) + [0xFF, 0x0A] + Data("store = no".utf8))
    #expect(configuration().file.problems.map(\.line) == [1])
    #expect(configuration()["LOCKWISE_STORE"] == "no")
  }

  @Test func aPathMayBeginWithTheHomeFolder() throws {
    #expect(try configuration("home = ~/vault\n")["LOCKWISE_HOME"] == "/home/alice/vault")
    #expect(try VaultDirectory(configuration: configuration("home = ~/vault\n")).path == "/home/alice/vault")
    #expect(try configuration("entry = ~/vault\n")["LOCKWISE_ENTRY"] == "~/vault")
  }

  @Test(arguments: [0o666, 0o620, 0o602, 0o660])
  func aFileThatOthersCanChangeIsRefused(mode: Int) throws {
    try folder.write("lockwise/config", "unlock-command = true\n", mode: mode)
    let file = configuration()
    guard !isOpenToPrivateGroupAlone(mode) else {
      #expect(file.unlockCommand == "true")
      return
    }
    #expect(file.unlockCommand == nil)
    let reason = "other users can access it (mode \(String(mode, radix: 8)))"
    #expect(file.file.refusal == .untrusted(.init(path: path, reason: reason)))
    let collector = LineCollector()
    file.reportProblems(to: Diagnostics(program: "x") { collector.append($0) })
    #expect(collector.removeAll().count == 1)
  }

  @Test func aFileInAFolderThatOthersCanChangeIsRefused() throws {
    try folder.write("lockwise/config", "unlock-command = true\n", mode: 0o644)
    #expect(configuration().unlockCommand == "true")
    for name in ["lockwise", ""] {
      try folder.make(name, mode: 0o777)
      #expect(configuration().unlockCommand == nil)
      try folder.make(name, mode: 0o700)
    }
    #expect(configuration().unlockCommand == "true")
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a file away")) func onlyTheUsersFileIsRead() throws {
    try folder.write("lockwise/config", "unlock-command = true\n")
    chown(path, 12345, 0)
    #expect(configuration().unlockCommand == nil)
    #expect(configuration().file.refusal == .untrusted(.init(path: path, reason: "it belongs to another user")))
  }

  @Test func aLinkIsFollowedIfItAndItsTargetAreTheUsers() throws {
    try folder.make("repository")
    let target = try folder.write("repository/config", "unlock-command = true\n")
    try folder.link("lockwise/config", to: target)
    #expect(configuration().unlockCommand == "true")
    try folder.make("repository", mode: 0o777)
    #expect(configuration().unlockCommand == nil)
    try folder.make("repository", mode: 0o700)
    chmod(target, 0o622)
    #expect(configuration().unlockCommand == nil)
    chmod(target, 0o600)
    #expect(configuration().unlockCommand == "true")
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a link away")) func aLinkOfAnotherUserIsNotFollowed() throws {
    try folder.make("repository")
    let target = try folder.write("repository/config", "unlock-command = true\n")
    try folder.link("lockwise/config", to: target)
    #expect(configuration().unlockCommand == "true")
    lchown(path, 12345, 0)
    #expect(configuration().unlockCommand == nil)
  }

  @Test(.timeLimit(.minutes(1))) func otherFileTypesAreRefusedAtOnce() throws {
    mkfifo(path, 0o600)
    #expect(configuration().file.refusal == .untrusted(.init(path: path, reason: "it is not a regular file")))
    unlink(path)
    try folder.make("lockwise/config")
    #expect(configuration().file.refusal == .untrusted(.init(path: path, reason: "it is not a regular file")))
  }

  @Test func aFileOfMoreThan64KiBIsRefused() throws {
    let line = "store = no\n"
    let comment = "#" + String(repeating: "x", count: 65536 - line.utf8.count - 2) + "\n"
    #expect(try configuration(comment + line)["LOCKWISE_STORE"] == "no")
    #expect(try configuration(comment + line + "#")["LOCKWISE_STORE"] == nil)
    #expect(configuration().file.refusal == .unreadable(path: path, reason: "it is larger than 64 KiB"))
  }
}

/// Collects the lines of diagnostics.
final class LineCollector: @unchecked Sendable {
  private var lines: [String] = []
  func append(_ line: String) { lines.append(line) }
  func removeAll() -> [String] {
    defer { lines = [] }
    return lines
  }
}
