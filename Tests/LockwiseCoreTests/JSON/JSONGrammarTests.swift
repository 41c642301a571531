import LockwiseCore
import Testing

/// The grammar of JSON texts (RFC 8259).
@Suite struct JSONGrammarTests {
  private func parse(_ bytes: [UInt8]) throws -> JSONValue {
    try JSONValue(parsing: SecretBytes(copying: bytes))
  }

  private func errorPosition(_ bytes: [UInt8]) -> Int? {
    do {
      _ = try parse(bytes)
      return nil
    } catch let error as JSONError {
      return error.position
    } catch {
      Issue.record("another error: \(error)")
      return nil
    }
  }

  static let accepted: [String] = [
    // Literals and white space (sections 2 and 3). Any value can be a whole text.
    "null", "true", "false", " null", "null ", "\t\n\r null\r\n\t ", "\"\"", "{}", "[]", "{ }", "[ ]", "[\n]",
    // Numbers (section 6).
    "0", "-0", "1", "-1", "10", "9007199254740993", "9223372036854775807", "-9223372036854775808",
    "123456789012345678901234567890", "0.0", "-0.0", "1.5", "0.10", "1e1", "1E1", "1e+1", "1e-1", "1e01",
    "0e0", "-0e-0", "1.5e10", "1e400", "-1e400", "1e-400", "0e999999999", "1e99999999999999999999",
    // Strings (section 7).
    #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9\u00E9""#, #""\ud83d\ude00""#, #""\uD83D\uDE00""#,
    #""\uFEFF""#, #""\uFFFF""#, "\"\u{7F}\u{80}\u{9F}\"", "\"\u{2028}\u{2029}\"", "\"\u{FEFF}\"",
    "\"é\u{0301}😀\u{10FFFF}\"", "\"\u{1FFFE}\u{E000}\"", #""/""#, #""'""#,
    // The grammar allows lone surrogates (section 8.2).
    #""\ud800""#, #""\udc00""#, #""\udc00\ud800""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ud800\n""#,
    // Arrays and objects (sections 4 and 5).
    "[1]", "[1,2]", " [ 1 , 2 ] ", "[[],[[]],{}]", #"{"a":1}"#, #"{"a":1,"b":[{}]}"#,
    " { \"a\" : 1 , \"b\" : 2 } ", #"{"":0}"#, #"{"a":1,"a":2}"#, #"{"\u0061":1,"a":2}"#, #"{"\ud800":1}"#,
  ]

  @Test(arguments: accepted)
  func accepts(text: String) throws {
    let value = try parse(Array(text.utf8))
    let trimmed = text.trimming { " \t\r\n".utf8.contains($0) }
    #expect(value.raw.bytes == trimmed, "the value's bytes must be unchanged")
  }

  /// Invalid texts with the position of the first wrong byte.
  static let refused: [(text: String, position: Int)] = [
    ("", 0), (" ", 1), ("\n\n", 2),
    // Literals.
    ("nul", 0), ("nulll", 4), ("Null", 0), ("NULL", 0), ("tru", 0), ("True", 0), ("truefalse", 4), ("nan", 0),
    ("NaN", 0), ("Infinity", 0), ("-Infinity", 1), ("undefined", 0), ("None", 0), ("a", 0), ("'a'", 0),
    ("n ull", 0), ("fals", 0), ("falsey", 5),
    // Numbers.
    ("-", 1), ("+1", 0), ("--1", 1), ("01", 1), ("-01", 2), ("00", 1), (".5", 0), ("-.5", 1), ("1.", 2),
    ("1.e1", 2), ("1e", 2), ("1e+", 3), ("1e-", 3), ("1e1.5", 3), ("0x10", 1), ("0b1", 1), ("1_000", 1),
    ("1,000", 1), ("1 2", 2), ("1f", 1), ("٣", 0), ("- 1", 1), ("1e 5", 2), ("1ee1", 2), ("0.1.2", 3),
    // Strings.
    ("\"", 1), ("\"a", 2), ("\"\\", 2), (#""\""#, 3), (#""\x41""#, 2), (#""\a""#, 2), (#""\v""#, 2),
    (#""\0""#, 2), (#""\'""#, 2), (#""\U0041""#, 2), (#""\u""#, 2), (#""\u1""#, 2), (#""\u12""#, 2),
    (#""\u123""#, 2), (#""\u123g""#, 2), (#""\u 123""#, 2), (#""\u+123""#, 2), (#""\u-123""#, 2),
    (#""\ud83d\u""#, 8), (#""\u{41}""#, 2), (#""\u00E""#, 2), ("\"\\\n\"", 2), ("\"\\é\"", 2),
    (#""a"b"#, 3), (#""a""b""#, 3), ("\"\\u123", 2), ("\"\\u1234", 7), ("\u{201C}a\u{201D}", 0),
    // Arrays.
    ("[", 1), ("]", 0), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[,]", 1), ("[1,,2]", 3),
    ("[1 2]", 3), ("[1;2]", 2), ("[1]]", 3), ("[[]", 3), ("[1}", 2), ("[\"a\":1]", 4), ("[]a", 2),
    // Objects.
    ("{", 1), ("}", 0), ("{\"a\"", 4), ("{\"a\":", 5), ("{\"a\":}", 5), ("{\"a\"}", 4), ("{\"a\" 1}", 5),
    ("{\"a\":1", 6), ("{\"a\":1,", 7), ("{\"a\":1,}", 7), ("{,}", 1), ("{\"a\":1,,\"b\":2}", 7), ("{a:1}", 1),
    ("{1:1}", 1), ("{null:1}", 1), ("{'a':1}", 1), ("{\"a\"::1}", 5), ("{\"a\":1 \"b\":2}", 7),
    ("{\"a\":1}}", 7), ("{\"a\":1]", 6), ("{\"a\",1}", 4), ("{\"a\":1;\"b\":2}", 6), ("{{}}", 1),
    ("{[]:1}", 1),
    ("{}{}", 2), ("{} []", 3),
    // Extensions of other dialects.
    ("/* */ 1", 0), ("1 // one", 2), ("# 1", 0), ("[1, /* */ 2]", 4), ("\u{FEFF}1", 0), ("1\u{FEFF}", 1),
    ("\u{A0}1", 0), ("1\u{A0}", 1), ("\u{0B}1", 0), ("\u{0C}1", 0), ("1\u{85}", 1), ("\u{2028}1", 0),
    ("1;", 1), ("\\n1", 0), ("1\u{0}", 1), ("\u{0}1", 0), ("\u{0}", 0), ("[1\u{0}]", 2),
  ]

  @Test(arguments: refused)
  func refuses(text: String, position: Int) {
    #expect(errorPosition(Array(text.utf8)) == position)
  }

  /// Control characters up to U+001F must be escaped (section 7). Outside strings, four of them are white space.
  @Test func controls() {
    for unit in UInt8(0)..<0x20 {
      #expect(errorPosition([0x22, 0x61, unit, 0x22]) == 2, "\(unit) in a string")
      let isSpace = [9, 10, 13].contains(unit)
      #expect(errorPosition([unit, 0x31]) == (isSpace ? nil : 0), "\(unit) before a value")
      #expect(errorPosition([0x31, unit]) == (isSpace ? nil : 1), "\(unit) after a value")
    }
  }

  /// All other sequences are not UTF-8, inside or outside strings (Unicode 15 table 3-7).
  static let notUTF8: [[UInt8]] = [
    [0x80], [0xBF], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x98], [0xFE],
    [0xFF],
    // Overlong forms of `/`, NUL, U+07FF and U+FFFF.
    [0xC0, 0xAF], [0xC1, 0xBF], [0xC0, 0x80], [0xE0, 0x80, 0xAF], [0xE0, 0x9F, 0xBF],
    [0xF0, 0x80, 0x80, 0xAF],
    [0xF0, 0x8F, 0xBF, 0xBF], [0xF8, 0x80, 0x80, 0x80, 0xAF], [0xFC, 0x80, 0x80, 0x80, 0x80, 0xAF],
    // Surrogates: U+D800, U+DFFF, and U+1F600 as a pair (CESU-8).
    [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80],
    // Above U+10FFFF.
    [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
    // An overlong quotation mark must not end a string.
    [0xC0, 0xA2],
  ]

  @Test(arguments: notUTF8)
  func refusesWhatIsNotUTF8(bytes: [UInt8]) {
    #expect(errorPosition([0x22] + bytes + [0x22]) != nil)
    #expect(errorPosition([0x22, 0x61] + bytes + [0x61, 0x22]) != nil)
    #expect(errorPosition([0x22] + bytes) != nil)
    #expect(errorPosition([0x31] + bytes) != nil)
    #expect(errorPosition(bytes) != nil)
    #expect(errorPosition(Array(#"{"a"#.utf8) + bytes + Array(#"":1}"#.utf8)) != nil)
  }

  /// UTF-16 and UTF-32 texts (allowed before RFC 8259) and byte order marks (section 8.1).
  @Test(
    arguments: [
      [0xEF, 0xBB, 0xBF, 0x31], [0xFE, 0xFF, 0, 0x31], [0xFF, 0xFE, 0x31, 0], [0, 0x31], [0x31, 0],
      [0, 0, 0, 0x31], [0x31, 0, 0, 0], [0xFF, 0xFE, 0, 0, 0x31, 0, 0, 0],
    ] as [[UInt8]])
  func refusesOtherEncodings(bytes: [UInt8]) { #expect(errorPosition(bytes) != nil) }

  @Test func depth() throws {
    func nested(_ open: String, _ close: String, times: Int) -> [UInt8] {
      Array((String(repeating: open, count: times) + "1" + String(repeating: close, count: times)).utf8)
    }
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
      let levels = open.utf8.first == 0x5B && open.utf8.count > 1 ? 2 : 1
      #expect(errorPosition(nested(open, close, times: 64 / levels)) == nil, "\(open) 64 deep")
      #expect(errorPosition(nested(open, close, times: 66 / levels)) != nil, "\(open) deeper")
    }
    #expect(errorPosition(nested("[", "]", times: 65)) == 65)
    #expect(errorPosition(nested("[", "]", times: 1_000_000)) == 65)
    let siblings = "[" + Array(repeating: "[[]]", count: 1000).joined(separator: ",") + "]"
    #expect(errorPosition(Array(siblings.utf8)) == nil, "depth is not the number of brackets")
  }

  /// Every prefix of a text is refused, and nothing is read beyond its end.
  @Test func everyPrefix() {
    let text = Array(#"{"a":[1.5e+3,true,null,"\u00e9\ud83d\ude00é"],"b":{"c":false}}"#.utf8)
    #expect(errorPosition(text) == nil)
    for count in 0..<text.count {
      #expect((errorPosition(Array(text.prefix(count))) ?? .max) <= count, "\(count) bytes")
      #expect((errorPosition(text[0..<count] + [0]) ?? .max) <= count, "\(count) bytes and a NUL")
    }
  }
}

extension String {
  fileprivate func trimming(_ isTrimmed: (UInt8) -> Bool) -> [UInt8] {
    Array(Array(utf8.drop(while: isTrimmed)).reversed().drop(while: isTrimmed).reversed())
  }
}
