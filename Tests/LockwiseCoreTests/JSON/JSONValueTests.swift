import LockwiseCore
import Testing

/// The types and decoded values of JSON values.
@Suite struct JSONValueTests {
  private func value(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: SecretBytes(utf8: text))
  }

  @Test func eachValueHasOneType() throws {
    for (index, text) in ["null", "true", "1", "\"1\"", "[1]", "{}"].enumerated() {
      let value = try value(text)
      let kinds = [
        value.isNull, value.bool != nil, value.number != nil, value.secret != nil, value.array != nil,
        value.object != nil,
      ]
      #expect(kinds == (0..<6).map { $0 == index }, "\(text)")
      #expect((value.string != nil) == (index == 3), "\(text)")
      #expect((value.integer != nil) == (index == 2), "\(text)")
    }
    #expect(try value("true").bool == true)
    #expect(try value("false").bool == false)
  }

  /// Fractions are truncated towards zero. Numbers out of range are not integers.
  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("1", 1), ("-1", -1), ("1.9", 1), ("-1.9", -1), ("0.999", 0), ("-0.999", 0),
      ("1e3", 1000), ("1E3", 1000), ("1e+3", 1000), ("1500e-3", 1), ("1e-400", 0), ("0e999999999", 0),
      ("1700000000123.75", 1_700_000_000_123), ("1.7000000001235e12", 1_700_000_000_123),
      ("9007199254740993", 9_007_199_254_740_993), ("9223372036854775807", .max),
      ("-9223372036854775808", .min),
      ("9223372036854775807.0", .max), ("-9223372036854775808.9", .min),
      ("1234567890123456789.5", 1_234_567_890_123_456_789),
      ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1e19", nil), ("-1e19", nil),
      ("1e400", nil),
      ("-1e400", nil), ("123456789012345678901234567890", nil),
    ] as [(String, Int64?)])
  func integers(text: String, expected: Int64?) throws {
    #expect(try value(text).integer == expected)
    #expect(try value(text).number == text, "the text as written")
    #expect(try value(" [\(text) ] ").array?.first?.integer == expected)
  }

  @Test(arguments: [
    (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0000""#, "\0"),
    (#""\u00e9\u00E9é""#, "ééé"), (#""\ud83d\ude00\uD83D\uDE00😀""#, "😀😀😀"),
    (#""\udbff\udfff""#, "\u{10FFFF}"),
    (#""\ud800\udc00""#, "\u{10000}"), (#""\uFEFF""#, "\u{FEFF}"), (#""\uFFFF""#, "\u{FFFF}"),
    (#""\\u0041""#, #"\u0041"#), (#""\\\u0041""#, #"\A"#), (#""\\\\""#, #"\\"#), (#""a\\""#, #"a\"#),
    ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
    // Lone surrogates become U+FFFD.
    (#""\ud800""#, "\u{FFFD}"), (#""\udc00""#, "\u{FFFD}"), (#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"),
    (#""\ud800\ud800\udc00""#, "\u{FFFD}\u{10000}"), (#""\ud800\u0041""#, "\u{FFFD}A"),
    (#""\ud800x""#, "\u{FFFD}x"),
    (#""\ud800\n""#, "\u{FFFD}\n"), (#""\ud800\\udc00""#, "\u{FFFD}\\udc00"), (#""a\udfff""#, "a\u{FFFD}"),
    (#""\ud800é""#, "\u{FFFD}é"),
  ])
  func strings(text: String, expected: String) throws {
    let value = try value(text)
    #expect(value.secret?.bytes == Array(expected.utf8))
    #expect(value.string.map { Array($0.utf8) } == Array(expected.utf8))
    #expect(value.raw.bytes == Array(text.utf8))
  }

  @Test func theEscapeOfEveryUnit() throws {
    for unit in UInt32(0)...0xFFFF {
      var digits = String(unit, radix: 16, uppercase: unit % 2 == 0)
      digits = String(repeating: "0", count: 4 - digits.count) + digits
      let scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
      let decoded = try value("\"\\u\(digits)\"").secret?.bytes
      #expect(decoded == Array(String(scalar).utf8), "\(digits)")
    }
  }

  @Test func arrays() throws {
    let array = try #require(try value(#" [ 1 ,"a,]" , [ 2, 3 ] ,{ "b" : [ ] }, null ] "#).array)
    #expect(array.map { $0.raw.exposedText() } == ["1", #""a,]""#, "[ 2, 3 ]", #"{ "b" : [ ] }"#, "null"])
    #expect(array[2].array?.map(\.integer) == [2, 3])
    #expect(array[3].object?["b"]?.array?.isEmpty == true)
    #expect(try value("[]").array?.isEmpty == true)
    #expect(try value("[ \n ]").array?.isEmpty == true)
  }

  @Test func objects() throws {
    let object = try #require(
      try value(#" { "a" : 1 ,"b":{"c}":"}"} , "\u0061b" : [ 1 , 2 ],"":null } "#).object)
    #expect(object.members.map(\.name) == ["a", "b", "ab", ""])
    #expect(
      object.members.map { $0.value.raw.exposedText() } == ["1", #"{"c}":"}"}"#, "[ 1 , 2 ]", "null"])
    #expect(object["b"]?.object?["c}"]?.string == "}")
    #expect(object[""]?.isNull == true)
    #expect(object["c"] == nil)
    #expect(try value("{}").object?.members.isEmpty == true)
  }

  /// RFC 8259 section 4 does not define repeated names. Firefox's JSON.parse uses the last, and so does Lockwise.
  @Test func repeatedNames() throws {
    let object = try #require(try value(#"{"a":1,"\u0061":2,"b":3,"a":4}"#).object)
    #expect(object["a"]?.integer == 4)
    #expect(object.members.map(\.name) == ["a", "a", "b", "a"])
  }

  /// Swift's String compares by canonical equivalence; JSON's names are sequences of code points.
  @Test(arguments: [("é", "e\u{0301}"), ("K", "\u{212A}"), (";", "\u{037E}"), ("Å", "\u{212B}")])
  func namesAreComparedByCodePoints(name: String, equivalent: String) throws {
    #expect(name == equivalent)
    let object = try #require(try value("{\"\(name)\":1,\"\(equivalent)\":2}").object)
    #expect(object[name]?.integer == 1)
    #expect(object[equivalent]?.integer == 2)
  }

  @Test func rawBytes() throws {
    let text = #"{ "a": "\u0041\/" , "n": 1.50e+00, "o": {"z":1 , "y" :[ ] }}"#
    let object = try #require(try value("\n" + text + "\t").object)
    #expect(object["a"]?.raw.exposedText() == #""\u0041\/""#)
    #expect(object["n"]?.raw.exposedText() == "1.50e+00")
    #expect(object["o"]?.raw.exposedText() == #"{"z":1 , "y" :[ ] }"#)
    #expect(try value("\n" + text + "\t").raw.exposedText() == text)
  }

  @Test func deepestMember() throws {
    let text = String(repeating: "[{\"a\":", count: 32) + "\"end\"" + String(repeating: "}]", count: 32)
    var value = try value(text)
    for _ in 0..<32 { value = try #require(value.array?.first?.object?["a"]) }
    #expect(value.string == "end")
  }
}
