import Testing

@testable import LockwiseCore

@Suite struct PasswordCharactersTests {
  /// Sets, and what GNU tr keeps of all 256 bytes.
  @Test(arguments: [
    ("a-e", "abcde"), ("eda", "ade"), ("a-c-e", "-abce"), ("a\\-c", "-ac"), ("-ab", "-ab"), ("ab-", "-ab"), ("", ""),
    ("[:digit:]", "0123456789"), ("[:digit:][:xdigit:]", "0123456789ABCDEFabcdef"), ("[a-c]", "[]abc"),
    ("\\[:alpha:]", ":[]ahlp"), ("[:alpha", ":[ahlp"), ("[:alpha*3]", "*3:[]ahlp"), ("[:upper\\:]", ":[]epru"),
    ("[=a=]", "a"), ("[=]=]", "]"), ("[=-=]", "-"), ("[a*3]", "a"), ("[[*5]", "["), ("[a*5", "*5[a"), ("[:*5]", ":"),
    ("[=*5]", "="), ("[a*010]", "a"), ("[a*+5]", "a"), ("\\53\\101-\\103", "+ABC"), ("\\8\\x", "8x"), ("\\4005", " 05"),
    ("a\\", "\\a"), ("\\\\", "\\"), ("!-/", "!\"#$%&'()*+,-./"),
  ])
  func kept(set: String, characters: String) throws {
    #expect(try PasswordCharacters(set).bytes == characters.utf8.sorted())
  }

  @Test(
    arguments: [
      ("z-a", .reversedRange("z-a")), ("[:foo:]", .invalidClass("foo")), ("[:Alpha:]", .invalidClass("Alpha")),
      ("[::]", .emptyBrackets), ("[==]", .emptyBrackets), ("[=ab=]", .invalidEquivalenceClass),
      ("[a*]", .unboundedRepeat), ("[a*0]", .unboundedRepeat), ("[a*8a]", .invalidRepeat("8a")),
      ("[a*-1]", .invalidRepeat("-1")), ("[a*08]", .invalidRepeat("08")),
    ] as [(String, PasswordCharacters.Failure)])
  func refused(set: String, expected: PasswordCharacters.Failure) {
    #expect(throws: expected) { try PasswordCharacters(set) }
  }

  @Test func defaults() throws {
    #expect(try PasswordCharacters("[:punct:][:alnum:]") == .all)
    #expect(try PasswordCharacters("[:alnum:]") == .alphanumeric)
    #expect(PasswordCharacters.all.bytes.count == 94)
  }
}
