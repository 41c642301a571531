import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Passwords are sent only to their host: the normalized host equals the name that git's libcurl resolves.
@Suite struct HostNameAgreementTests {
  /// The positions of a character in a label: alone, after, before and between others, in upper case, before a
  /// combining mark, next to a Punycode label.
  private static let positions: [(before: String, behind: String)] = [
    ("", ""), ("a", ""), ("", "a"), ("ab", "cd"), ("X", "Y"), ("e", "\u{301}"), ("a.", ".xn--bcher-kva"), ("1", "1"),
  ]
  /// Positions next to letters that only non-transitional processing keeps.
  private static let deviations: [(before: String, behind: String)] = [
    ("\u{E4}", "\u{DF}"), ("\u{3C3}", "\u{3C2}"), ("\u{DF}.", ""), ("", ".\u{DF}"), ("", "\u{3C2}"),
  ]

  /// Blocks of letters without case or composition, such as ideographs and Hangul syllables.
  private static let uniform: [ClosedRange<UInt32>] = [
    0x3400...0x9FFF, 0xA000...0xA48F, 0xAC00...0xD7A3, 0x1_2000...0x1_254F, 0x1_3000...0x1_43FF, 0x1_7000...0x1_8CFF,
    0x2_0000...0x3_FFFF,
  ]

  /// For every code point in every position, libcurl resolves the name that is looked up or refuses it.
  @Test func codePointsNeverMapToAnotherHost() throws {
    let library = try LibIDN2()
    var accepted = 0
    var different: [String] = []
    func compare(_ host: String) -> Bool {
      guard let ours = InternetHost.normalize(host), let theirs = library.resolvedName(of: host) else { return false }
      if ours != theirs {
        different.append("\(host.unicodeScalars.map { String($0.value, radix: 16) }): \(theirs), not \(ours)")
      }
      return true
    }
    for value in UInt32(0x80)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(Character(scalar))
      guard InternetHost.normalize("a" + text) != nil else { continue }
      accepted += 1
      if Self.uniform.contains(where: { $0.contains(value) }) {
        if !compare("\(text).A\(text)b") { _ = compare("A\(text)b") }
        continue
      }
      // All in one host, or one by one if a part of it is refused.
      let hosts = Self.positions.map { $0.before + text + $0.behind }
      if !compare(hosts.joined(separator: ".")) { hosts.forEach { _ = compare($0) } }
      for (before, behind) in Self.deviations { _ = compare(before + text + behind) }
    }
    let summary = "\(different.count) differ: \(different.prefix(10))"
    #expect(different.count == 0, "\(summary)")
    #expect(accepted > 100_000)
  }

  /// Hosts with several labels of characters that affect each other.
  @Test func mixedLabelsNeverMapToAnotherHost() throws {
    let library = try LibIDN2()
    let parts = [
      "a", "B", "-", "--", "_", "1", ".", ".", "xn--", "xn--bcher-kva", "xn--zca", "XN--BCHER-KVA", "\u{E4}", "\u{C4}",
      "\u{DF}", "\u{1E9E}", "\u{3C2}", "\u{3A3}", "\u{308}", "\u{301}", "\u{345}", "\u{200D}", "\u{200C}", "\u{5D0}",
      "\u{627}", "\u{661}", "\u{6F1}", "\u{B7}", "l", "\u{94D}", "\u{915}", "\u{1100}", "\u{1161}", "\u{130}",
      "\u{131}",
      "\u{10D0}", "\u{1C90}", "\u{13A0}", "\u{30FB}", "\u{4E00}", "\u{1F600}", "\u{3099}", "\u{31342}", "\u{2C2F}",
    ]
    var generator = SeededGenerator(seed: 11)
    var compared = 0
    for _ in 0..<40_000 {
      let host = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
        parts[Int.random(in: 0..<parts.count, using: &generator)]
      }.joined()
      guard !host.utf8.allSatisfy({ $0 < 0x80 }), let ours = InternetHost.normalize(host),
        let theirs = library.resolvedName(of: host)
      else { continue }
      compared += 1
      #expect(ours == theirs, "\(host.unicodeScalars.map { String($0.value, radix: 16) })")
    }
    #expect(compared > 1000, "\(compared)")
  }

  /// Hosts with characters that look alike, sound alike or disappear have no logins.
  @Test(arguments: [
    "STRA\u{1E9E}E.de", "stra\u{1E9E}e.de", "\u{130}stanbul.example", "\u{130}.example", "a\u{130}",
    "gitla\u{212A}.com",
    "\u{212B}ngstrom.example", "\u{2126}.example", "git\u{200D}hub.com", "git\u{FE0F}hub.com", "\u{FB03}.example",
    "\u{13A0}.example", "\u{AB70}.example", "\u{17F}.example", "\u{1C4}.example", "\u{1C5}.example", "\u{2160}.example",
    "\u{33C2}.example", "\u{1F88}.example", "\u{390}\u{345}.example", "\u{1FEF}\u{E4}.example", "\u{E4}\u{3002}example",
  ])
  func refused(host: String) { #expect(Origin(scheme: "https", authority: host) == nil) }

  /// Two spellings of one host.
  @Test(arguments: [
    ("bu\u{308}cher.example", "b\u{FC}cher.example"), ("BU\u{308}CHER.example", "b\u{FC}cher.example"),
    ("\u{1112}\u{1161}\u{11AB}.example", "\u{D55C}.example"), ("\u{438}\u{306}.example", "\u{439}.example"),
    ("a\u{323}\u{302}.example", "\u{1EAD}.example"), ("a\u{302}\u{323}.example", "\u{1EAD}.example"),
    ("\u{304B}\u{3099}.example", "\u{304C}.example"), ("\u{C4}\u{D6}.example", "\u{E4}\u{F6}.example"),
  ])
  func decomposedIsTheSameHost(decomposed: String, composed: String) throws {
    let name = try #require(InternetHost.normalize(composed))
    #expect(InternetHost.normalize(decomposed) == name)
    #expect(try LibIDN2().resolvedName(of: decomposed) == name)
  }

  /// Hosts with sharp s and final sigma are distinct.
  @Test(arguments: [
    ("stra\u{DF}e.de", "xn--strae-oqa.de"), ("\u{3B2}\u{3CC}\u{3BB}\u{3BF}\u{3C2}.com", "xn--nxasmm1c.com"),
  ])
  func deviationCharactersStay(host: String, name: String) throws {
    #expect(InternetHost.normalize(host) == name)
    #expect(try LibIDN2().resolvedName(of: host) == name)
  }
}
