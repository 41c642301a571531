import LockwiseCore
import Testing

@testable import LockwisePass

/// Names as users type them, and texts as they appear on a terminal.
@Suite struct TypedTextTests {
  @Test(arguments: ["..", "../a", "a/../b", "a/.."]) func refusesSneakyPaths(name: String) {
    #expect(throws: PassFailure("Error: You've attempted to pass a sneaky path to pass. Go home.")) {
      try TypedName.checkSneaky("a", name)
    }
  }

  @Test(arguments: ["a", "...", "a..b", "..a/b", "a/b..", "", "/"]) func allowsOtherNames(name: String) throws {
    try TypedName.checkSneaky(name)
  }

  @Test(arguments: ["", "/", "//"]) func refusesEmptyNames(name: String) {
    #expect(throws: UserFacingError.self) { try TypedName.checkNotEmpty(name) }
  }

  @Test func dropsSlashes() {
    #expect(TypedName.withoutLeadingSlashes("//a/b/") == "a/b/")
    #expect(TypedName.withoutTrailingSlash("a/b//") == "a/b/")
    #expect(TypedName.withoutTrailingSlash("/") == "")
  }

  /// The words in front are what `rm -v` of coreutils 9.1 prints for a file of that name.
  @Test(arguments: [
    ("'a b'", "a b"), ("\"it's\"", "it's"), ("'it'\\''s $HOME'", "it's $HOME"), ("'a\"b'", "a\"b"), ("'\\'", "\\"),
    ("'a?b'", "a\u{1B}b"),
  ])
  func quotesNames(quoted: String, name: String) { #expect(ShellQuoting.quote(name) == quoted) }

  @Test(arguments: [
    ("a\tb\n", "a\tb\n"), ("a\u{1B}[31mb", "a?[31mb"), ("a\rb\r\nc\r", "a?b\r\nc?"), ("\u{7F}\u{0}", "??"),
    ("\u{9B}1m\u{A0}é", "?1m\u{A0}é"), ("", ""),
  ])
  func keepsControlCharactersFromTheTerminal(text: String, shown: String) {
    #expect(TerminalText.of(SecretBytes(utf8: text)).exposedText() == shown)
  }
}
