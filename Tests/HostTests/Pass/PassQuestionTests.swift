import Foundation
import Testing

@testable import LockwiseHostSupport

/// Each question and prompt at a terminal, answered in each way, in Debian's pass and in lockwise-pass.
@Suite final class PassQuestionTests {
  private static let uri = "otpauth://totp/Example:alice?secret=GEZDGNBVGY3TQOJQ&issuer=Example"
  /// The keys that answer a question: yes, no, anything else, Ctrl-C and Ctrl-D.
  static let answers = ["y\r", "Y\r", "n\r", "yes\r", "\r", "\u{3}", "\u{4}"]
  private static let overwrite = "Overwrite it? [y/N] "

  private let both: PassComparison

  init() throws {
    both = try PassComparison()
    for name in ["Email/work", "Email/home", "Bank/card", "Bank/other"] {
      try both.run(["insert", "-m", name], .text("secret of \(name)\nlogin: marie\n"))
    }
  }

  private static func isYes(_ answer: String) -> Bool { answer.lowercased() == "y\r" }

  @Test(arguments: answers) func insertAsks(answer: String) throws {
    func exchanges(_ further: PassComparison.Exchange...) -> [PassComparison.Exchange] {
      [(Self.overwrite, answer)] + (Self.isYes(answer) ? further : [])
    }
    try both.converse(["insert", "-e", "Bank/card"], exchanges(("Enter password for Bank/card: ", "new\r")))
    try both.run(["show", "Bank/card"], isLineOneOnly: true)
    try both.converse(
      ["insert", "Bank/card"],
      exchanges(("Enter password for Bank/card: ", "newer\r"), ("Retype password for Bank/card: ", "newer\r")))
    try both.run(["show", "Bank/card"], isLineOneOnly: true)
    try both.converse(["insert", "-m", "Bank/card"], exchanges(("finished:\r\n\r\n", "line 1\rline 2\r\u{4}")))
    try both.run(["show", "Bank/card"], isLineOneOnly: !Self.isYes(answer))
  }

  @Test(arguments: answers) func removeAndGenerateAsk(answer: String) throws {
    try both.converse(
      ["generate", "Bank/other", "7"], [(Self.overwrite, answer)], with: ["PASSWORD_STORE_CHARACTER_SET": "x"])
    try both.run(["show", "Bank/other"], isLineOneOnly: true)
    try both.converse(["rm", "Bank/card"], [("Are you sure you would like to delete Bank/card? [y/N] ", answer)])
    try both.run(["show", "Bank/card"])
    try both.converse(["rm", "-r", "Email/"], [("Are you sure you would like to delete Email/? [y/N] ", answer)])
    try both.run(["show", "Email/home"])
  }

  /// pass leaves these questions to mv(1) and cp(1), whose words are others. What is there afterwards is the same.
  @Test(arguments: ["mv", "cp"], ["y\r", "n\r", "\r", "\u{3}", "\u{4}"])
  func moveAndCopyAsk(command: String, answer: String) throws {
    let arguments = [command, "Bank/card", "Bank/other"]
    _ = try PassComparison.converse(at: both.store.terminal(arguments), [("overwrite '", answer)])
    let ours = try PassComparison.converse(
      at: both.home.terminal(arguments), [("An entry already exists for Bank/other. Overwrite it? [y/N] ", answer)])
    #expect(ours.status == (Self.isYes(answer) ? 0 : answer == "\u{3}" ? 130 : 1))
    #expect(ours.isRestored)
    for name in ["Bank/card", "Bank/other"] { try both.run(["show", name]) }
  }

  /// Two typed passwords: equal, different, ended by Ctrl-C or Ctrl-D at either prompt.
  @Test(arguments: [["s\r", "s\r"], ["s\r", "t\r"], ["\u{3}"], ["\u{4}"], ["s\r", "\u{3}"], ["s\r", "\u{4}"]])
  func passwordsAreHidden(keys: [String]) throws {
    let prompts = ["Enter password for New/typed: ", "Retype password for New/typed: "]
    try both.converse(["insert", "New/typed"], zip(prompts, keys).map { ($0, $1) })
    try both.run(["show", "New/typed"])
  }

  /// Typed lines, which the terminal echoes and edits: Ctrl-D ends them at once or after a line.
  @Test(arguments: ["line 1\rline 2\r\u{4}", "no line feed\u{4}\u{4}", "wrogn\u{7F}\u{7F}ng\r\u{4}"])
  func linesAreTyped(keys: String) throws {
    try both.converse(["insert", "-m", "New/lines"], [("finished:\r\n\r\n", keys)])
    // pass stores what is not terminated as it is.
    try both.run(["show", "New/lines"], isLineOneOnly: !keys.contains("\r"))
  }

  /// Debian's pass may leave a damaged file, if gpg(1) had begun to write it.
  @Test func typedLinesAreDiscardedAtCtrlC() throws {
    let ours = try PassComparison.converse(
      at: both.home.terminal(["insert", "-m", "New/lines"]), [("finished:\r\n\r\n", "line\r\u{3}")])
    #expect(ours.status == 130, "\(ours.shown)")
    #expect(try both.home.pass("show", "New/lines").status == 1)
  }

  /// pass stores an empty entry; here there must be something to store.
  @Test func nothingIsTyped() throws {
    let ours = try PassComparison.converse(
      at: both.home.terminal(["insert", "-m", "New/nothing"]), [("finished:\r\n\r\n", "\u{4}")])
    #expect(ours.status == 1 && ours.shown.contains("cannot save the entry: there is nothing to store"))
    #expect(try both.home.pass("show", "New/nothing").status == 1)
  }

  @Test(arguments: answers) func oneTimeCodesAsk(answer: String) throws {
    let further: [PassComparison.Exchange] = [("Enter otpauth:// URI for codes/a: ", Self.uri + "&digits=8\r")]
    try both.run(["otp", "insert", "codes/a"], .text(Self.uri + "\n"))
    try both.converse(
      ["otp", "append", "-e", "codes/a"], [(Self.overwrite, answer)] + (Self.isYes(answer) ? further : []))
    try both.run(["otp", "uri", "codes/a"])
    try both.converse(
      ["otp", "insert", "-e"],
      [("Enter otpauth:// URI for this token: ", Self.uri + "\r"), ("Insert into Example/alice? [y/N] ", answer)])
    try both.run(["show", "Example/alice"])
  }

  @Test(arguments: answers) func aTextThatIsRefusedCanBeEditedAgain(answer: String) throws {
    let home = both.home
    let log = home.scratch.root + "/log"
    // The first time the text is not UTF-8.
    try home.scratch.write(
      "#!/bin/sh\necho \"$1\" >>\(log)\n[ $(wc -l <\(log)) = 2 ] && echo good >\"$1\" || printf '\\377' >\"$1\"\n",
      to: home.scratch.root + "/editor")
    let ours = try PassComparison.converse(
      at: home.terminal(["edit", "Bank/card"], with: ["EDITOR": home.scratch.root + "/editor"]),
      [("Would you like to edit it again? [y/N] ", answer)])
    #expect(ours.shown.contains("pass: error: cannot save the entry: not UTF-8"))
    #expect(ours.status == (Self.isYes(answer) ? 0 : answer == "\u{3}" ? 130 : 1), "\(ours.shown)")
    let expected = Self.isYes(answer) ? "good\n" : "secret of Bank/card\nlogin: marie\n"
    #expect(try home.pass("show", "Bank/card").output == expected)
    let file = try #require(String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").first)
    #expect(access((String(file) as NSString).deletingLastPathComponent, F_OK) != 0)
  }

  /// Without a folder in memory both ask before the text is on a disk.
  @Test(.enabled(if: geteuid() == 0, "only root may hide /dev/shm"), arguments: answers)
  func editingOnADiskAsks(answer: String) throws {
    let script = "mount -t tmpfs -o ro none /dev/shm && exec \"$@\""
    let starts = [
      (try Executables.ofSystem("pass"), both.store.environment), (both.home.bin + "/pass", both.home.environment),
    ]
    for (program, environment) in starts {
      let terminal = try PseudoTerminal(
        Executables.ofSystem("unshare"), ["-m", "/bin/sh", "-c", script, "sh", program, "edit", "Bank/card"],
        environment: environment.merging(["EDITOR": "sed -i 1s/^/x/", "TMPDIR": both.home.scratch.root]) { $1 })
      let end = try PassComparison.converse(
        at: terminal, [("Are you sure you would like to continue? [y/N] ", answer)])
      #expect(end.shown.contains("password file after editing."))
      #expect(end.status == (Self.isYes(answer) ? 0 : answer == "\u{3}" ? 130 : 1), "\(program) \(end.shown)")
    }
    try both.run(["show", "Bank/card"])
    let files = try FileManager.default.contentsOfDirectory(atPath: both.home.scratch.root)
    #expect(!files.contains { $0.hasPrefix("lockwise-pass.") || $0.hasPrefix("pass.") }, "\(files)")
  }
}
