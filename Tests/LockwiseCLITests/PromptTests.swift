import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

@Suite struct PromptTests {
  private func type(_ keys: [UInt8]) -> (text: String?, shown: [UInt8], isCancelled: Bool) {
    var editor = LineEditor()
    var shown: [UInt8] = []
    for key in keys {
      switch editor.accept(key) {
      case .more(let bytes): shown += bytes
      case .done(let text): return (text.exposedText(), shown, false)
      case .cancelled: return (nil, shown, true)
      }
    }
    return (nil, shown, false)
  }

  @Test(arguments: [
    ("abc\n", "abc"), ("abc\r", "abc"), ("abd\u{7F}c\n", "abc"), ("xx\u{15}abc\n", "abc"),
    ("\u{8}\u{8}abc\n", "abc"),
    ("a\u{1B}b\tc\n", "abc"), ("ü\u{7F}abc\n", "abc"), ("a🔑\u{7F}bc\n", "abc"), ("\n", ""),
    ("a\u{4}bc\n", "abc"),
  ])
  func editing(keys: String, line: String) {
    #expect(type(Array(keys.utf8)).text == line)
    #expect(!type(Array(keys.utf8)).isCancelled)
  }

  @Test(arguments: ["\u{3}", "abc\u{3}", "\u{4}", "ab\u{7F}\u{7F}\u{4}"])
  func cancelling(keys: String) { #expect(type(Array(keys.utf8)).isCancelled) }

  @Test func assuanEscapes() {
    #expect(Assuan.escape("50 % of\nall \u{7F}ä") == "50 %25 of%0Aall %7Fä")
    var builder = SecretBuilder()
    Assuan.unescape(SecretBytes(utf8: "a%25b%0Ac%zz%4"), into: &builder)
    #expect(builder.finish().exposedText() == "a%b\nc%zz%4")
  }

  @Test func controlCharactersAreRemoved() {
    #expect(PrintableText.of("a\u{1B}[31mb\nc\u{202E}d\u{9B}e") == "a?[31mb?c?d?e")
    #expect(PrintableText.of("häß 😀") == "häß 😀")
    #expect(PrintableText.lines(of: "a\u{1B}[31mb\nc\r\nd\n\n") == "a?[31mb\nc?\nd\n\n")
  }
}
