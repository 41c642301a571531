import LockwiseCore
import Testing

@testable import LockwiseEnv

@Suite struct ReferenceFileTests {
  private func read(_ text: String) throws(ReferenceFile.Failure) -> [String] {
    try ReferenceFile(parsing: SecretBytes(utf8: text)).variables.map {
      "\($0.line) \($0.name)=\($0.value.exposedText() ?? "?")"
    }
  }

  @Test(arguments: [
    ("", []), ("\n \n# A=b\n  # c", []), ("A=b", ["1 A=b"]), ("A=b\nB=c\n", ["1 A=b", "2 B=c"]),
    ("export A=b\nexport\tB=c", ["1 A=b", "2 B=c"]), ("  A=b", ["1 A=b"]), ("export=1", ["1 export=1"]),
    ("A=", ["1 A="]), ("A= \nB=", ["1 A=", "2 B="]), ("A= b c  ", ["1 A=b c"]), ("A=b # c", ["1 A=b"]),
    ("A=b\t#c", ["1 A=b"]), ("A=b#c", ["1 A=b#c"]), ("A=#b", ["1 A=#b"]), ("A= # b", ["1 A="]),
    ("A=lockwise://h/a#1a2b # x", ["1 A=lockwise://h/a#1a2b"]), ("A=b'c\"d", ["1 A=b'c\"d"]),
    ("A=$B ${C} `d` \\n", ["1 A=$B ${C} `d` \\n"]), ("A==b=", ["1 A==b="]),
    ("A='$b \\n \"# '", ["1 A=$b \\n \"# "]), ("A='a\nb'\nB=c", ["1 A=a\nb", "3 B=c"]), ("A=''", ["1 A="]),
    ("A=\"b\\n\\t\\r\\\"\\\\ \\x \\$ '\" # c", ["1 A=b\n\t\r\"\\ \\x \\$ '"]),
    ("A=\"a\nb\" \nB=c", ["1 A=a\nb", "3 B=c"]),
    ("A=b\r\nB='c\r\nd'\r\n", ["1 A=b", "2 B=c\nd"]), ("A=b\rc\r", ["1 A=b\rc\r"]), ("A=\"\\\r\n\"", ["1 A=\\\n"]),
    ("\u{FEFF}A=b", ["1 A=b"]), ("A=1\nA=2", ["1 A=1", "2 A=2"]), ("_a9=é", ["1 _a9=é"]),
  ])
  func readsVariables(text: String, expected: [String]) throws { #expect(try read(text) == expected) }

  @Test(arguments: [
    ("A", ReferenceFile.Fault.notAVariable, 1), ("A=1\nB C=2", .notAVariable, 2), ("A =1", .notAVariable, 1),
    ("=1", .notAVariable, 1), ("A;id=1", .notAVariable, 1), ("X$(touch y)=1", .notAVariable, 1),
    ("1A=2", .notAVariable, 1),
    ("A-B=1", .notAVariable, 1), ("é=1", .notAVariable, 1), ("export A", .notAVariable, 1),
    ("export export A=1", .notAVariable, 1),
    ("A\0=1", .notAVariable, 1), ("A[1]=2", .notAVariable, 1), ("A+=2", .notAVariable, 1),
    ("\nA='b\n\n", .openQuote, 2), ("A=\"b\\\"", .openQuote, 1), ("A='b'c", .textAfterQuote, 1),
    ("A='b\n' c", .textAfterQuote, 2), ("A='b'#c", .textAfterQuote, 1), ("A=\"b\"'c'", .textAfterQuote, 1),
    ("A=b\0c", .containsNUL, 1), ("\nA='b\0'", .containsNUL, 2),
  ])
  func refuses(text: String, fault: ReferenceFile.Fault, line: Int) {
    #expect(throws: ReferenceFile.Failure(fault: fault, line: line)) { _ = try read(text) }
  }

  @Test func keepsBytesThatAreNotUTF8() throws {
    let file = try ReferenceFile(parsing: SecretBytes(copying: Array("A='".utf8) + [0xFF, 0xC3, 0x27, 0x0A]))
    #expect(file.variables.map(\.value) == [SecretBytes(copying: [0xFF, 0xC3])])
  }
}
