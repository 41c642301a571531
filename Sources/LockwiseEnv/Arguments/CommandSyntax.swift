/// The command line of a sub-command. Parsing, the help and the completions all use it.
struct CommandSyntax: Sendable {
  /// An option.
  struct Option: Sendable {
    /// The name after one hyphen; `nil` if there is none.
    var short: Character?
    /// The name after two hyphens.
    let long: String
    /// The name of the value in the help; `nil` if the option has no value.
    var value: String?
    /// The effect on the user's result, in at most ten words.
    let help: String
  }

  /// Where options end and what operands mean.
  enum Operands: Sendable {
    /// Options and operands in any order.
    case mixed
    /// Options and `NAME=VALUE` in any order, then a program with its arguments (env(1)). `--` comes before a program
    /// whose name has a `=`.
    case program
  }

  /// The name of the sub-command.
  let name: String
  /// The operands in the help; may be empty.
  let operandText: String
  /// The effect in at most ten words.
  let summary: String
  let options: [Option]
  var operands: Operands = .mixed

  /// The line after "usage:".
  var usage: String {
    let forms = options.map { option in
      "[" + (option.short.map { "-\($0)" } ?? "--\(option.long)") + (option.value.map { " \($0)" } ?? "") + "]"
    }
    return (["lockwise-env", name] + forms + [operandText].filter { !$0.isEmpty }).joined(separator: " ")
  }

  /// The text of `lockwise-env NAME --help`.
  var help: String {
    let listed = options + [Option(long: "help", help: "show this help")]
    let forms = listed.map { option in
      (option.short.map { "-\($0), " } ?? "") + "--\(option.long)"
        + (option.value.map { " <\($0.lowercased())>" } ?? "")
    }
    let width = (forms.map(\.count).max() ?? 0) + 2
    let lines = zip(forms, listed).map { form, option in
      "  " + form + String(repeating: " ", count: width - form.count) + option.help
    }
    return "usage: \(usage)\n\n\(summary).\n\noptions:\n" + lines.joined(separator: "\n") + "\n"
  }
}
