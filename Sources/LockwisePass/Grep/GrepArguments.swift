import LockwiseCore

/// The arguments of the command `grep`, which are those of GNU grep(1) 3.8 for one input.
struct GrepArguments {
  /// The effect of an option.
  private enum Effect {
    /// On the lines that match.
    case selection
    /// On what is printed of a line.
    case line
    /// On what is printed of an input, which grep must see alone.
    case input
    /// On which inputs match; a search of all at once would miss some.
    case matching
    /// None, since there is one input and it is not a file.
    case nothing
  }

  /// The options of grep with their effects.
  private static let table: [(GetoptArguments.Option, Effect)] =
    [
      option("E", "extended-regexp", .selection), option("F", "fixed-strings", .selection),
      option("G", "basic-regexp", .selection), option("P", "perl-regexp", .selection),
      option("i", "ignore-case", .selection), option("y", "ignore-case", .selection),
      option(nil, "no-ignore-case", .selection), option("w", "word-regexp", .selection),
      option("x", "line-regexp", .selection), option("v", "invert-match", .selection),
      option("e", "regexp", .selection, .required), option("f", "file", .selection, .required),
      option("s", "no-messages", .selection), option("o", "only-matching", .line),
      option(nil, "color", .line, .optional), option(nil, "colour", .line, .optional),
      option("h", "no-filename", .nothing), option("a", "text", .nothing), option("U", "binary", .nothing),
      option("u", "unix-byte-offsets", .nothing), option(nil, "line-buffered", .nothing),
      option("n", "line-number", .input), option("H", "with-filename", .input), option("b", "byte-offset", .input),
      option("q", "quiet", .input), option("q", "silent", .input), option("l", "files-with-matches", .input),
      option("c", "count", .input), option("T", "initial-tab", .input), option("Z", "null", .input),
      option("A", "after-context", .input, .required), option("B", "before-context", .input, .required),
      option("C", "context", .input, .required), option("m", "max-count", .input, .required),
      option(nil, "group-separator", .input, .required), option(nil, "no-group-separator", .input),
      option("L", "files-without-match", .matching), option("z", "null-data", .matching),
      option("I", "binary-files", .nothing), option("r", "recursive", .nothing),
      option("R", "dereference-recursive", .nothing), option("d", "directories", .nothing, .required),
      option("D", "devices", .nothing, .required), option(nil, "label", .nothing, .required),
    ] + (0...9).map { option(Character("\($0)"), "\($0)", .input) }
    + ["include", "exclude", "exclude-from", "exclude-dir"].map { option(nil, $0, .nothing, .required) }

  private static func option(
    _ short: Character?, _ long: String, _ effect: Effect, _ argument: GetoptArguments.Argument = .none
  ) -> (GetoptArguments.Option, Effect) {
    (GetoptArguments.Option(short, long, argument), effect)
  }

  /// getopt's messages about unknown options.
  let errors: [String]
  /// Whether `--json` was given, which is not an option of grep.
  let isJSON: Bool
  /// Whether grep may search all entries in one run, because its output tells lines apart.
  let allowsOneRun: Bool
  /// Whether an entry can only match if one of its lines does in a search of all.
  let allowsPreselection: Bool
  private let selection: [String]
  private let others: [String]
  private let operands: [String]

  /// Parses arguments.
  ///
  /// - Returns: `nil` if there is no pattern, more than one operand, or patterns would be read from standard input.
  init?(_ arguments: [String], stopsAtOperand: Bool) {
    let known = Self.table.map(\.0) + [.own("json")]
    let parsed = GetoptArguments(arguments, known, stopsAtOperand: stopsAtOperand)
    errors = parsed.errors
    isJSON = parsed.has("json")
    var selection: [String] = []
    var others: [String] = []
    var effects: Set<Effect> = []
    var digits = ""
    for (name, value) in parsed.options where name != "json" {
      if name.utf8.count == 1 {
        digits += name
        effects.insert(.input)
        continue
      }
      let (option, effect) = Self.table.first { $0.0.long == name } ?? Self.table[0]
      effects.insert(effect)
      let text =
        "--" + name + (option.argument == .none || value.isEmpty && option.argument == .optional ? "" : "=\(value)")
      switch effect {
      case .selection: selection.append(text)
      case .line, .input, .matching: others.append(text)
      case .nothing: break
      }
    }
    if !digits.isEmpty { others.append("--context=\(digits)") }
    self.selection = selection
    self.others = others
    operands = parsed.operands
    allowsOneRun = effects.isDisjoint(with: [.input, .matching])
    allowsPreselection = !effects.contains(.matching)
    let hasPattern = parsed.has("regexp") || parsed.has("file")
    guard !errors.isEmpty || operands.count == (hasPattern ? 0 : 1), parsed.value("file") != "-" else { return nil }
  }

  /// Returns the arguments for a run of grep over standard input.
  ///
  /// - Parameters:
  ///   - own: options of ours, which those of the user follow.
  ///   - onlySelection: whether the user's options without an effect on the lines that match are left out.
  func arguments(_ own: [String], onlySelection: Bool = false) -> [String] {
    own + selection + (onlySelection ? [] : others) + ["--text", "--"] + operands + ["-"]
  }
}
