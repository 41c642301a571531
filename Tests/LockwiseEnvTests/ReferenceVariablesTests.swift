import LockwiseCore
import Testing

@testable import LockwiseEnv

@Suite struct ReferenceVariablesTests {
  private let variables = ReferenceVariables(
    environment: Environment(["STAGE": "prod", "ODD": "a/b#c?d%$é", "EMPTY": "", "_1": "x"]))

  private func replaced(_ text: String) throws(ReferenceError) -> String {
    String(decoding: try variables.replaced(in: Array(text.utf8)), as: UTF8.self)
  }

  @Test(arguments: [
    ("lockwise://db-${STAGE}.example/app", "lockwise://db-prod.example/app"),
    ("${STAGE}${_1}", "prodx"), ("a/${ODD}/b", "a/a%2Fb%23c%3Fd%25%24%C3%A9/b"), ("${EMPTY}", ""),
    ("${UNSET:-dev}", "dev"), ("${EMPTY:-dev}", "dev"), ("${STAGE:-dev}", "prod"), ("${UNSET:-}", ""),
    ("${UNSET:-a/b:-c}", "a%2Fb%3A-c"), ("$STAGE $ {x} $$", "$STAGE $ {x} $$"), ("{STAGE}", "{STAGE}"),
  ])
  func replacesVariablesByOneSegment(text: String, expected: String) throws {
    #expect(try replaced(text) == expected)
  }

  @Test(arguments: [
    ("${UNSET}", ReferenceError.unsetVariable("UNSET")), ("${STAGE", .invalidVariable), ("${}", .invalidVariable),
    ("${1A}", .invalidVariable), ("${STAGE-x}", .invalidVariable), ("${STAGE:x}", .invalidVariable),
    ("${STAGE:=x}", .invalidVariable), ("${STAGE }", .invalidVariable), ("${:-x}", .invalidVariable),
  ])
  func refuses(text: String, error: ReferenceError) {
    #expect(throws: error) { _ = try replaced(text) }
  }

  @Test func refusesADefaultThatIsNotUTF8() {
    let text = Array("lockwise://h/${UNSET:-".utf8) + [0xD1, UInt8(ascii: "}")]
    #expect(throws: ReferenceError.notUTF8) {
      _ = try ReferenceVariables(environment: Environment([:])).replaced(in: text)
    }
  }
}
