import Testing

@testable import LockwiseHostSupport

/// `check`: names every reference without a value.
@Suite struct EnvCheckTests {
  private func home() throws -> EnvHome { try EnvHome([.init(username: "alice", password: "secret")]) }

  @Test func printsNothingIfAllIsThere() throws {
    let home = try home()
    let file = try home.write("A=lockwise://example.com/alice\n", to: "refs")
    let template = try home.write("{{ lockwise://example.com/alice/username }}", to: "template")
    let run = try home.env("check", "-f", file, "-i", template).expectSuccess()
    #expect(run.output == "" && run.error == "")
  }

  @Test func namesAllThatIsMissing() throws {
    let home = try home()
    let first = try home.write("A=lockwise://example.com/eve\nB=lockwise://example.com/alice\n", to: "first")
    let second = try home.write("A=lockwise://example.com/alice\nC=lockwise://example.com/alice/otp\n", to: "second")
    let template = try home.write("\n{{ lockwise://none.example }}\n{{ lockwise://example.com/alice }}", to: "template")
    let run = try home.env("check", "-f", first, "-f", second, "-i", template)
    run.expectRefusal(1, by: "lockwise-env")
    #expect(
      run.errorLines.filter { $0.contains(": error: ") } == [
        "lockwise-env: error: cannot find lockwise://example.com/eve for A (\(first), line 1): there is no such login",
        "lockwise-env: error: cannot find lockwise://example.com/alice/otp for C (\(second), line 2): "
          + "the login has no such field",
        "lockwise-env: error: cannot find lockwise://none.example for \(template), line 2: there is no such login",
      ])
    #expect(!run.error.contains("secret"))
    try home.env("check").expectRefusal(64, by: "lockwise-env")
    let wrong = try home.write("A;id=x\n", to: "wrong")
    try home.env("check", "-f", wrong).expectRefusal(64, "line 1", by: "lockwise-env")
  }
}
