import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwisePass

/// Search terms of `find`.
@Suite struct FindPatternTests {
  private func find(_ terms: String..., in names: [String]) -> [String] {
    let list = EntryList(names.map { EntryList.Source(guid: $0, name: $0, isForm: true) })
    return FindPattern(terms).matches(in: list).map { list.entry($0).name }
  }

  @Test(arguments: [
    ("mail", "Work/Mail", true), ("MAIL", "work/mail/old", true), ("ai", "mail", true), ("g", "mail", false),
    ("pg", "a", false), ("gpg", "a.gpg", true), ("k/m", "work/mail", false), ("a.gpg", "a", false), ("é", "é", true),
    ("É", "é", false), ("m?il", "mail", true), ("m?il", "ml", false), ("m*l", "a/mXYl", true), ("m*l", "m/l", false),
    ("[mn]ail", "nail", true), ("[^m]ail", "mail", false), ("[^m]ail", "nail", true), ("[a-c]x", "BX", true),
    ("[a-c]x", "dx", false), ("[c-a]", "b", false), ("[", "anything", true), ("x[", "anything", false),
    ("x[", "ax", true),
    ("[]", "]", false), ("[\\]]", "]", true), ("\\*", "a*", true), ("\\*", "a", false), ("", "anything", true),
    ("a|b", "xa", true), ("a|b", "bx", true), ("a|b", "xax", false), ("a|", "anything", true), ("|", "anything", true),
    ("a||b", "anything", true), ("a**b", "axb", true), ("]", "a]", true), ("^", "^", true), ("[^", "anything", true),
    ("[a-]", "anything", true), ("?", "a", true), ("??", "a", false), ("???????", "a/bcdefg", false),
  ])
  func terms(term: String, name: String, isFound: Bool) { #expect(find(term, in: [name]).isEmpty != isFound) }

  @Test func foldersComeWithEverythingBelow() {
    let names = ["work/a", "work/b/c", "home/work", "home/x", "x"]
    #expect(find("work", in: names) == ["home/work", "work/a", "work/b/c"])
    #expect(find("b", "home", in: names) == ["home/work", "home/x", "work/b/c"])
    #expect(find("nothing", in: names).isEmpty)
  }

  /// A pattern that would take exponential time with backtracking over all stars.
  @Test func manyStars() {
    let name = String(repeating: "a", count: 2000)
    #expect(find(String(repeating: "a*", count: 200) + "b", in: [name]).isEmpty)
  }
}
