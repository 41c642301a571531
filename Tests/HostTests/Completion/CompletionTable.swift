/// The commands and options of a program, from its help, and those of `lockwise-pass` from its man page, which
/// `PassManPageTests` compares with the sources.
struct CompletionTable {
  /// The beginning of a command line, and the options that it may go on with.
  struct Line {
    let words: [String]
    let options: Set<String>

    /// The line whose current word is the hyphen of an option.
    var text: String { (words + ["-"]).joined(separator: " ") }
  }

  /// The programs that have a completion: all but `git-credential-lockwise`, which git runs.
  static let programs = ManPageTests.programs.filter { $0 != "git-credential-lockwise" }

  /// The commands; empty if the program has none.
  let commands: Set<String>
  /// A line for each command that has options.
  let lines: [Line]

  init(_ program: String) throws {
    let main = try HelpText(program)
    commands = main.commands.subtracting(["help"])
    var lines = [Line(words: [program], options: Self.words(main.options))]
    switch program {
    case "lockwise-sync", "lockwise-env":
      for command in commands.sorted() {
        let options = try HelpText(program, [command, "--help"]).options
        lines.append(Line(words: [program, command], options: Self.words(options)))
      }
    case "lockwise-pass":
      let page = try ManPage(program)
      // `show` runs if no command is named.
      lines = [Line(words: [program], options: Self.options(of: "show", page))]
      for command in commands.sorted() where command != "otp" {
        lines.append(Line(words: [program, command], options: Self.options(of: command, page)))
      }
    default: break
    }
    self.lines = lines.filter { !$0.options.isEmpty }
  }

  /// The options of a command of a page. The value of some of them is optional and follows a `=`.
  static func options(of command: String, _ page: ManPage) -> Set<String> {
    words(Set(page.section("COMMANDS", command).compactMap(ProgramOption.init(item:))))
  }

  private static func words(_ options: Set<ProgramOption>) -> Set<String> {
    Set(options.flatMap { $0.names.map { ($0.count == 1 ? "-" : "--") + $0 } })
  }
}
