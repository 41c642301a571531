import LockwiseCore
import Testing

@testable import LockwiseEnv

@Suite struct VariableListTests {
  private let vault: EnvVault

  init() throws { vault = try EnvVault([], ["STAGE": "prod"]) }

  private func list(_ files: [[UInt8]], _ arguments: String...) throws -> VariableList {
    try VariableList(files: files, arguments: arguments.map { Array($0.utf8) }, vault.context)
  }

  private func text(_ template: NamedTemplate) -> String {
    guard template.template.parts.count == 1, case .literal(let text) = template.template.parts[0] else { return "?" }
    return template.name + "=" + (text.exposedText() ?? "?")
  }

  @Test func prefersTheLastOneOfAName() throws {
    let first = try vault.write("A=1\nB=1\nC=1\nA=2\n", to: "first")
    let second = try vault.write("C=2\nD=2\n", to: "second")
    #expect(try list([first, second], "B=3", "E=3").templates.map(text) == ["A=2", "B=3", "C=2", "D=2", "E=3"])
    #expect(try list([second, first]).templates.map(text) == ["C=1", "D=2", "A=2", "B=1"])
  }

  @Test func doesNotParseWhatIsReplaced() throws {
    let file = try vault.write("A=lockwise://h?x\n", to: "file")
    #expect(try list([file], "A=1").templates.map(text) == ["A=1"])
  }

  @Test(arguments: [
    ("A;id=secret", "cannot set A;id: it is not the name of a variable"),
    ("X$(touch y)=secret", "cannot set X$(touch y): it is not the name of a variable"),
    ("=secret", "cannot set : it is not the name of a variable"), ("secret", "an argument is not NAME=VALUE"),
    ("A=lockwise://h/${NONE}", "cannot use lockwise://h/${NONE} for A: NONE is not set"),
    ("A=secret {{ lockwise://h", "cannot read a reference for A: {{ lockwise:// has no }} in its line"),
    ("A=secret {{ lockwise://h | xml }}", "cannot convert a reference for A: there is no filter xml"),
  ])
  func refusesArguments(argument: String, message: String) {
    let error = #expect(throws: UserFacingError.self) { _ = try list([], argument) }
    #expect(error?.message == message && error?.exitCode == .usage)
    #expect(error?.hints.contains { $0.contains("secret") } == false)
  }

  @Test func namesFileAndLine() throws {
    let file = try vault.write("A='b\nc'\nsecret text\n", to: "file")
    let path = String(decoding: file, as: UTF8.self)
    let error = #expect(throws: UserFacingError.self) { _ = try list([file]) }
    #expect(error?.message == "cannot read \(path), line 3: it is not NAME=VALUE, with a name of letters, digits and _")
    let other = try vault.write("\nA=\"x\n{{ lockwise://a/b/c/d }}\"\n", to: "other")
    let fault = #expect(throws: UserFacingError.self) { _ = try list([other]) }
    #expect(
      fault?.message
        == "cannot use lockwise://a/b/c/d for A (\(String(decoding: other, as: UTF8.self)), line 3): "
        + "it has more parts than host, user and field")
    let missing = #expect(throws: UserFacingError.self) { _ = try list([Array("/nowhere/x".utf8)]) }
    #expect(missing?.message == "cannot read /nowhere/x: No such file or directory" && missing?.exitCode == .failure)
  }

  @Test func expandsVariablesInReferencesOnly() throws {
    let templates = try list([], "A=lockwise://db-${STAGE}.example/app", "B=${STAGE} $STAGE").templates
    #expect(templates[0].template.placeholders.map(\.reference.text) == ["lockwise://db-prod.example/app"])
    #expect(templates[0].template.placeholders.map(\.text) == ["lockwise://db-${STAGE}.example/app"])
    #expect(text(templates[1]) == "B=${STAGE} $STAGE")
  }
}
