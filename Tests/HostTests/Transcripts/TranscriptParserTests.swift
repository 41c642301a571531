import Testing

@testable import LockwiseHostSupport

/// The format of transcripts: what is a command, input, output, a comment.
@Suite struct TranscriptParserTests {
  private static let text = """
    # A comment.
    @ allow rejected requests
    @ LOCKWISE_NO_PROMPT=1

    + prepare this
    $ program get
    < protocol=https
    <
    output

    more output
    ! an error
    ? 3

    # Another comment.
    % program \\
        login
    Name:
    > marie
    Password:
    * radium
    done

    """

  @Test func everyLineHasItsMeaning() throws {
    let transcript = try Transcript(Self.text)
    #expect(transcript.settings == [.allowRejections, .variable(name: "LOCKWISE_NO_PROMPT", value: "1")])
    let steps = transcript.steps
    #expect(steps.map(\.mode) == [.preparation, .plain, .terminal])
    #expect(steps.map(\.command) == ["prepare this", "program get", "program login"])
    #expect(steps.map(\.number) == [5, 6, 16])
    #expect(steps.map(\.input) == [nil, ["protocol=https", ""], nil])
    #expect(steps[0].expected == [])
    #expect(steps[1].expected == ["output", "", "more output", "! an error", "? 3"])
    #expect(steps[2].expected == ["Name:", "> marie", "Password:", "* radium", "done"])
  }

  @Test func noLineIsLost() throws {
    let lines = try Transcript(Self.text).items.flatMap { item in
      switch item {
      case .line(let line): [line]
      case .step(let step): step.head + step.expected
      }
    }
    #expect(lines == Self.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init))
  }

  @Test(
    arguments: [
      ("", 1, "no command"), ("# only a comment\n", 1, "no command"),
      ("output\n$ x\n", 1, "text that belongs to no command"),
      ("$ x\n@ allow rejected requests\n", 2, nil), ("@ allow everything\n$ x\n", 1, "unknown setting"),
      ("$ x\n\n# y\n@ allow rejected requests\n", 4, "a setting after a command"),
      ("+ x\noutput\n", 2, "output of a preparation"), ("% x\n< y\n", 2, "standard input of a command at a terminal"),
      ("$ x\noutput\n< y\n", 3, "standard input after expected output"),
      ("$ x\n? 0\n", 2, "the exit status 0 goes without saying"), ("$ x \\", 1, "a command that is continued nowhere"),
    ] as [(String, Int, String?)])
  func linesWithoutAMeaningAreRefused(text: String, number: Int, reason: String?) {
    guard let reason else {
      // Within expected output it is output.
      #expect((try? Transcript(text).steps.first?.expected) == ["@ allow rejected requests"])
      return
    }
    #expect(throws: Transcript.FormatError(number: number, reason: reason)) { try Transcript(text) }
  }

  @Test(
    arguments: [
      ("signed in with a key file", .signedInWithKeyFile), ("needs the kernel keyring", .needsKeyring),
      ("signed in with the passphrase polonium 50", .signedIn(passphrase: "polonium 50")),
      ("git server that accepts marie:ra:dium", .gitServer(username: "marie", password: "ra:dium")),
      ("git server github.com that accepts mcurie:x", .gitHub(username: "mcurie", password: "x")),
      (
        "user marie:a b of the machine laptop, also the ssh server build.example.org",
        .user(name: "marie", password: "a b", machine: "laptop", sshServer: "build.example.org")
      ),
      ("allow deleted collections", .allowDeletions), ("A_1=", .variable(name: "A_1", value: "")),
      ("signed in", nil), ("a=b", nil), ("git server that accepts marie", nil), ("", nil),
    ] as [(String, TranscriptSetting?)])
  func settings(text: String, setting: TranscriptSetting?) { #expect(TranscriptSetting(text) == setting) }

  @Test func theLinesToTypeHaveTheirPrompts() {
    let entries = TranscriptTerminal.entries(["Name: ", "> marie", "* x", "text", "Again:", "*", "...", "> y"])
    #expect(entries.map(\.prompt) == ["Name: ", nil, "Again:", nil])
    #expect(entries.map(\.source) == ["marie", "x", "", "y"])
    #expect(entries.map(\.mark) == [">", "*", "*", ">"])
  }
}
