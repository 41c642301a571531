/// The options and operands of a command line, parsed as getopt(1) of util-linux does with glibc's getopt_long(3):
/// options may be bundled and stand anywhere, `--` ends them, and long ones may be abbreviated.
struct GetoptArguments {
  /// Whether an option has an argument.
  enum Argument {
    case none
    case required
    /// In the same word only: `-c3`, `--clip=3`.
    case optional
  }

  /// An option that a command accepts.
  struct Option {
    let short: Character?
    let long: String
    let argument: Argument
    /// Whether pass does not have the option. An abbreviation means such an option only if it fits none of pass's.
    let isOwn: Bool

    /// Makes an option of pass.
    init(_ short: Character?, _ long: String, _ argument: Argument = .none, isOwn: Bool = false) {
      self.short = short
      self.long = long
      self.argument = argument
      self.isOwn = isOwn
    }

    /// Makes an option that pass does not have.
    static func own(_ long: String, _ argument: Argument = .none, short: Character? = nil) -> Option {
      Option(short, long, argument, isOwn: true)
    }
  }

  /// The options in the order in which they were given, by their long names. The value is empty if an optional argument
  /// is missing.
  private(set) var options: [(name: String, value: String)] = []
  /// The arguments that are not options, in their order.
  private(set) var operands: [String] = []
  /// Whether an option that pass lacks was given.
  private(set) var hasOwnOption = false
  /// getopt's messages without the program's name in front.
  private(set) var errors: [String] = []

  private let known: [Option]

  /// Parses arguments.
  ///
  /// - Parameters:
  ///   - known: the options that the command accepts.
  ///   - stopsAtOperand: whether the first operand ends the options, as `POSIXLY_CORRECT` means.
  init(_ arguments: [String], _ known: [Option], stopsAtOperand: Bool = false) {
    self.known = known
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      if word.utf8.starts(with: "--".utf8) {
        parseLong(word.dropFirst(2), &rest)
      } else if word.utf8.first == UInt8(ascii: "-"), word.utf8.count > 1 {
        parseShort(word.dropFirst(), &rest)
      } else {
        operands.append(word)
        guard !stopsAtOperand else {
          operands += rest
          break
        }
      }
    }
  }

  /// Returns whether an option was given.
  func has(_ name: String) -> Bool { options.contains { $0.name == name } }

  /// Returns the value of an option, the last one if it was given repeatedly; `nil` if it was not given.
  func value(_ name: String) -> String? { options.last { $0.name == name }?.value }

  private mutating func parseLong(_ word: Substring, _ rest: inout ArraySlice<String>) {
    let end = word.utf8.firstIndex(of: UInt8(ascii: "=")) ?? word.endIndex
    let value = end < word.endIndex ? String(word[word.utf8.index(after: end)...]) : nil
    guard let option = find(word, String(word[..<end])) else { return }
    hasOwnOption = hasOwnOption || option.isOwn
    switch (option.argument, value) {
    case (.none, .some): errors.append("option '--\(option.long)' doesn't allow an argument")
    case (.none, nil), (.optional, nil): options.append((option.long, ""))
    case (.optional, let value?), (.required, let value?): options.append((option.long, value))
    case (.required, nil):
      guard let next = rest.popFirst() else {
        errors.append("option '--\(option.long)' requires an argument")
        return
      }
      options.append((option.long, next))
    }
  }

  /// Finds a long option by its name or an abbreviation. getopt(1) gives all long options the same value, so that
  /// glibc takes options that agree in their arguments for one, and the first of them applies.
  private mutating func find(_ word: Substring, _ name: String) -> Option? {
    if let exact = known.first(where: { $0.long == name }) { return exact }
    let near = known.filter { $0.long.hasPrefix(name) }
    let candidates = near.contains { !$0.isOwn } ? near.filter { !$0.isOwn } : near
    guard let first = candidates.first else {
      errors.append("unrecognized option '--\(word)'")
      return nil
    }
    let isAmbiguous = candidates.contains { $0.argument != first.argument || $0.isOwn }
    guard candidates.count == 1 || !isAmbiguous else {
      let names = candidates.map { " '--\($0.long)'" }.joined()
      errors.append("option '--\(word)' is ambiguous; possibilities:\(names)")
      return nil
    }
    return first
  }

  private mutating func parseShort(_ word: Substring, _ rest: inout ArraySlice<String>) {
    var letters = word
    while let letter = letters.popFirst() {
      guard let option = known.first(where: { $0.short == letter }) else {
        errors.append("invalid option -- '\(letter)'")
        continue
      }
      hasOwnOption = hasOwnOption || option.isOwn
      switch option.argument {
      case .none: options.append((option.long, ""))
      case .optional:
        options.append((option.long, String(letters)))
        return
      case .required:
        guard let value = letters.isEmpty ? rest.popFirst() : String(letters) else {
          errors.append("option requires an argument -- '\(letter)'")
          return
        }
        options.append((option.long, value))
        return
      }
    }
  }
}
