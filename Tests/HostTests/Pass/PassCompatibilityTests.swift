import Foundation
import Testing

@testable import LockwiseHostSupport

/// The same command lines, given to Debian's pass and to lockwise-pass, have the same status and print the same.
@Suite final class PassCompatibilityTests {
  private let both: PassComparison

  init() throws {
    both = try PassComparison()
    for name in ["Email/work", "Email/home", "Bank/card", "it's a name", "a b/c d"] {
      try both.run(["insert", "-m", name], .text("secret of \(name)\nlogin: marie\n"))
    }
    try both.run(["insert", "-m", "Email"], .text("both an entry and a folder\n"))
  }

  /// A line of a script: arguments and standard input.
  struct Step: Sendable, CustomStringConvertible {
    let arguments: [String]
    let input: String?

    init(_ arguments: String..., input: String? = nil) {
      self.arguments = arguments
      self.input = input
    }

    var description: String { arguments.joined(separator: " ") }
  }

  static let steps: [Step] = [
    Step("show", "Email/work"), Step("Email/work"), Step("ls", "Email/work"), Step("list", "/Email/work"),
    Step("show", "Email"), Step("show", "Bank/card", "extra"), Step("show", "--", "Bank/card"),
    Step("show", "-c9", "Bank/card"), Step("show", "-cx", "Bank/card"), Step("show", "--clip=1x", "Bank/card"),
    Step("show", "-qx", "Bank/card"), Step("show", "--qrcode=7", "Bank/card"), Step("show", "nothing"),
    Step("show", "Email/nothing"), Step("nothing"), Step("ls", "no/folder/"), Step("show", "email/work"),
    Step("show", "Email/work/"), Step("show", "-c", "-q", "Bank/card"), Step("show", "-x", "Bank/card"),
    Step("show", "--none"), Step("ls", "-z"), Step("show", "--clip"), Step("show", ".."), Step("../x"),
    Step("show", "a/../b"), Step("show", "a/.."), Step("find"), Step("search"), Step("grep"),
    Step("insert"), Step("insert", "a", "b"), Step("insert", "-m", "-e", "a"), Step("add", "-me", "a"),
    Step("insert", "--mult=x", "a"), Step("insert", "-x", "a"), Step("insert", "../a"),
    Step("insert", "-m", "New/one", input: "body\nof two\n"), Step("show", "New/one"),
    Step("insert", "-mf", "New/one", input: "other\n"), Step("show", "New/one"),
    Step("insert", "--multiline", "--force", "New/one", input: "third\n\n\n"), Step("show", "New/one"),
    Step("insert", "-m", "New/unicode ä 😀", input: "é\n"), Step("show", "New/unicode ä 😀"),
    Step("insert", "-e", "New/echo", input: "line\nrest\n"), Step("show", "New/echo"),
    Step("insert", "-ef", "New/echo/", input: "again\n"), Step("show", "New/echo"),
    Step("insert", "--echo", "New/unended", input: "no line feed"), Step("show", "New/unended"),
    Step("insert", "New/twice", input: "same\nsame\n"), Step("show", "New/twice"),
    Step("insert", "New/differ", input: "one\ntwo\n"), Step("show", "New/differ"),
    Step("insert", "New/once", input: "one\n"), Step("show", "New/once"),
    Step("add", "-f", "New/twice", input: "b\nb\n"), Step("show", "New/twice"),
    Step("rm"), Step("rm", "a", "b"), Step("delete", "nothing"), Step("remove", "../x"), Step("rm", "-f", "nothing"),
    Step("rm", "-f", "New/once"), Step("rm", "New/echo"), Step("show", "New/echo"), Step("rm", "it's a name"),
    Step("rm", "-rf", "Email"), Step("show", "Email"), Step("show", "Email/home"),
    Step("mv"), Step("mv", "a"), Step("cp", "a", "b", "c"), Step("rename", "-x", "a"), Step("mv", "../a", "b"),
    Step("copy", "a", ".."), Step("mv", "-f", "New/unended", "Moved/one"), Step("show", "Moved/one"),
    Step("show", "New/unended"), Step("cp", "Moved/one", "Copied/one"), Step("show", "Copied/one"),
    Step("mv", "Copied/one", "Moved/"), Step("show", "Moved/one"), Step("cp", "Bank/card", "Moved"),
    Step("show", "Moved/card"), Step("mv", "Moved", "Renamed"), Step("show", "Renamed/card"),
    Step("show", "Moved/card"),
    Step("cp", "Renamed", "Twice"), Step("show", "Twice/one"), Step("rename", "Twice", "Bank/"),
    Step("show", "Bank/Twice/one"), Step("edit"), Step("edit", "a", "b"), Step("generate"),
    Step("generate", "a", "1", "b"), Step("generate", "-i", "-f", "a"), Step("generate", "-c", "-q", "a"),
    Step("generate", "a", "x"), Step("generate", "a", "0"), Step("init"), Step("init", "-p"), Step("git", "log"),
    Step("rm", "-rf", "Bank/"), Step("show", "Bank/card"), Step("grep", "nothing at all"), Step("grep", "-c", "x{{"),
  ]

  /// Runs all steps in turn, since each sees what the earlier ones left.
  @Test func agreesStepByStep() throws {
    for step in Self.steps { try both.run(step.arguments, step.input.map { .text($0) } ?? .none) }
  }
}
