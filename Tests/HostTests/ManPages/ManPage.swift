/// A man page in mdoc(7).
struct ManPage {
  let lines: [String]

  init(_ program: String) throws {
    lines = try Repository.text("man/\(program).1").split(separator: "\n").map(String.init)
  }

  /// The lines of a section, or of a subsection of it.
  func section(_ name: String, _ subsection: String? = nil) -> [String] {
    let body = lines.drop { $0 != ".Sh " + name }.dropFirst().prefix { !$0.hasPrefix(".Sh ") }
    guard let subsection else { return Array(body) }
    return Array(body.drop { $0 != ".Ss " + subsection }.dropFirst().prefix { !$0.hasPrefix(".Ss ") })
  }

  /// The subsections of COMMANDS and the items that are commands.
  var commands: Set<String> {
    let headings = section("COMMANDS").filter { $0.hasPrefix(".Ss ") }
    let items = lines.filter { $0.hasPrefix(".It Cm ") }
    return Set(headings.map { String($0.dropFirst(4)) } + items.map { String($0.dropFirst(7)) })
  }

  /// The lines of the synopsis, each with its commands and options.
  var synopsis: [(commands: [String], options: Set<ProgramOption>)] {
    section("SYNOPSIS").split(separator: ".Nm").map { group in
      let words = group.filter { $0.hasPrefix(".Cm ") }.flatMap { $0.dropFirst(4).split(separator: " ") }
      let options = group.flatMap { line in
        line.matches(of: /Fl Fl ([a-z-]+)( Ar)?/).map { ProgramOption(name: String($0.1), takesValue: $0.2 != nil) }
      }
      return (words.filter { $0 != "|" }.map(String.init), Set(options))
    }
  }

  /// The variables that have an item under ENVIRONMENT.
  var variables: [String] {
    section("ENVIRONMENT").filter { $0.hasPrefix(".It Ev ") }
      .flatMap { $0.dropFirst(7).split(separator: " ").filter { $0 != "," }.map(String.init) }
  }

  /// The exit statuses with their texts.
  var statuses: [Int: String] {
    var result: [Int: String] = [:]
    var current: Int?
    for line in section("EXIT STATUS") {
      if let item = line.wholeMatch(of: /\.It (\d+)/) {
        current = Int(item.1)
      } else if let current, !line.hasPrefix(".") {
        result[current] = (result[current].map { $0 + " " } ?? "") + line
      }
    }
    return result
  }
}
