import LockwiseCLI
import LockwiseCore

/// The arguments of a sub-command, split into options and operands by the rules of getopt_long(3). Every argument is
/// bytes, because a value need not be UTF-8.
struct ParsedArguments {
  /// The options in their order, by long name. One without a value has an empty value.
  private(set) var options: [(name: String, value: [UInt8])] = []
  /// The operands; of ``CommandSyntax/Operands/program`` only those in front of the program.
  private(set) var operands: [[UInt8]] = []
  /// The program and its arguments; empty unless the syntax has one.
  private(set) var program: [[UInt8]] = []

  /// Whether the arguments ask for the help; nothing after `--help` was parsed.
  var wantsHelp: Bool { has("help") }

  /// Parses arguments.
  ///
  /// - Parameter arguments: those after the name of the sub-command.
  /// - Throws: `UserFacingError` with `ExitCode.usage`. It shows no value.
  init(_ arguments: [[UInt8]], _ syntax: CommandSyntax) throws(UserFacingError) {
    var rest = arguments[...]
    while let argument = rest.popFirst(), !wantsHelp {
      if argument == Array("--".utf8) {
        if case .program = syntax.operands { program = Array(rest) } else { operands += rest }
        return
      }
      if argument.starts(with: "--".utf8) {
        try parseLong(argument.dropFirst(2), &rest, syntax)
      } else if argument.count > 1, argument[0] == UInt8(ascii: "-") {
        try parseShort(argument.dropFirst(), &rest, syntax)
      } else if case .program = syntax.operands, !argument.contains(UInt8(ascii: "=")) {
        program = [argument] + rest
        return
      } else {
        operands.append(argument)
      }
    }
  }

  /// Whether an option was given, by its long name.
  func has(_ name: String) -> Bool { options.contains { $0.name == name } }

  /// Returns the values of an option in their order, by its long name.
  func values(of name: String) -> [[UInt8]] { options.filter { $0.name == name }.map(\.value) }

  private mutating func parseLong(
    _ text: ArraySlice<UInt8>, _ rest: inout ArraySlice<[UInt8]>, _ syntax: CommandSyntax
  ) throws(UserFacingError) {
    let parts = text.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(decoding: parts[0], as: UTF8.self)
    if name == "help", parts.count == 1 { return options.append(("help", [])) }
    guard let option = syntax.options.first(where: { $0.long == name }) else {
      let nearest = NearestName.of(name, among: syntax.options.map(\.long)).map { "did you mean: --\($0)" }
      throw Self.misuse("unknown option --\(name)", nearest, syntax)
    }
    guard option.value != nil else {
      guard parts.count == 1 else { throw Self.misuse("--\(name) has no value", nil, syntax) }
      return options.append((name, []))
    }
    options.append((name, parts.count == 2 ? Array(parts[1]) : try Self.next(&rest, "--\(name)", syntax)))
  }

  private mutating func parseShort(
    _ text: ArraySlice<UInt8>, _ rest: inout ArraySlice<[UInt8]>, _ syntax: CommandSyntax
  ) throws(UserFacingError) {
    var text = text
    while let letter = text.popFirst() {
      guard let option = syntax.options.first(where: { $0.short?.asciiValue == letter }) else {
        throw Self.misuse("unknown option -\(String(decoding: [letter], as: UTF8.self))", nil, syntax)
      }
      guard option.value != nil else {
        options.append((option.long, []))
        continue
      }
      let value =
        text.isEmpty ? try Self.next(&rest, "-\(String(decoding: [letter], as: UTF8.self))", syntax) : Array(text)
      return options.append((option.long, value))
    }
  }

  private static func next(
    _ rest: inout ArraySlice<[UInt8]>, _ option: String, _ syntax: CommandSyntax
  ) throws(UserFacingError) -> [UInt8] {
    guard let value = rest.popFirst() else { throw misuse("\(option) needs a value", nil, syntax) }
    return value
  }

  private static func misuse(_ message: String, _ hint: String?, _ syntax: CommandSyntax) -> UserFacingError {
    UserFacingError(
      message, hints: [hint, "see lockwise-env \(syntax.name) --help"].compactMap(\.self), exitCode: .usage)
  }
}
