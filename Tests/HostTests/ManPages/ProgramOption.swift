/// An option, from the help or a man page.
struct ProgramOption: Hashable, CustomStringConvertible {
  var names: Set<String> = []
  var takesValue = false

  /// The long names without their hyphens, and whether they have a value, as in a synopsis.
  var forms: [String] { names.filter { $0.count > 1 }.map { $0 + (takesValue ? " VALUE" : "") } }
  var description: String { names.sorted().joined(separator: ", ") + (takesValue ? " VALUE" : "") }

  /// Reads `  -q, --quiet  Say …`, `  --git/--no-git  Let …` or `  --server <url>  The …`; `nil` for any other line.
  init?(help line: Substring) {
    guard line.hasPrefix("  -") else { return nil }
    for word in line.split(separator: " ") {
      if word.hasPrefix("-") {
        for name in word.split(separator: "/") { names.insert(String(name.drop { $0 == "-" }.prefix { $0 != "," })) }
      } else {
        takesValue = word.hasPrefix("<")
        break
      }
    }
  }

  /// Reads `.It Fl q , Fl Fl quiet` or `.It Fl Fl server Ar url`; `nil` for any other line.
  init?(item line: String) {
    guard line.hasPrefix(".It Fl ") else { return nil }
    names = Set(line.matches(of: /Fl (?:Fl )?([A-Za-z][a-z-]*)/).map { String($0.1) })
    takesValue = line.contains(" Ar ")
  }

  init(name: String, takesValue: Bool) {
    names = [name]
    self.takesValue = takesValue
  }
}
