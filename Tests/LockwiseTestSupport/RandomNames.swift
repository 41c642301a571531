/// Random names of entries, as hard as names of files can be.
public enum RandomNames {
  /// Parts that are worth more than chance would give them.
  private static let parts = [
    "a", "b", "A", "ab", "a b", " a", "a ", "it's", "\"q\"", "a*b", "?", "[x]", "a]", "[", "back\\slash", "\\", "$HOME",
    "`id`", "🦊", "👨‍👩‍👧", "e\u{301}", "é", "日本語", "ש", "a-b", "a.b", "a#1", "#", "50%", "%2F", "%20", ":", "a:b", "-n",
    "--",
    "~", "!", "(x)", "{y}", "a,b", "a;b", "a&b", "a|b", "^", "=", "+", "@", "me@example.org", "github.com", "localhost",
    "mail.example.org:993", "...", ".a", "a..", "z", "'", "'q'", "\"", "$", "`", "a:", "<x>", "שלום", "مرحبا",
    "a\u{301}b",
  ]

  /// Returns a part of a name: no slash, no control character, not empty, and neither `.` nor `..`.
  public static func part(_ random: inout SeededGenerator) -> String {
    let count = Int.random(in: 0..<10, using: &random) == 0 ? Int.random(in: 2...4, using: &random) : 1
    return (0..<count).map { _ in parts.randomElement(using: &random) ?? "a" }.joined()
  }

  /// Returns a path of parts, now and then one of 40 levels.
  public static func path(_ random: inout SeededGenerator) -> String {
    let levels = Int.random(in: 0..<40, using: &random) == 0 ? 40 : Int.random(in: 1...4, using: &random)
    return (0..<levels).map { _ in part(&random) }.joined(separator: "/")
  }

  /// Returns any text without NUL: also with control characters, empty parts, `.`, `..` and slashes at its ends.
  public static func text(_ random: inout SeededGenerator) -> String {
    let odd = [
      "/", "//", ".", "..", "/./", "/../", "\n", "\t", "\u{1B}[2J", "\u{7F}", "\u{9B}", "\u{202E}", "\u{2028}",
    ]
    return (0..<Int.random(in: 1...5, using: &random)).map { _ in
      Bool.random(using: &random) ? path(&random) : odd.randomElement(using: &random) ?? "/"
    }.joined()
  }
}
