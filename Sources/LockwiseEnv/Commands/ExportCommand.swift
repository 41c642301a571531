import LockwiseCore

/// The command `export`: prints variables for a shell or a program.
struct ExportCommand: EnvCommand {
  static let syntax = CommandSyntax(
    name: "export", operandText: "[NAME=VALUE]...",
    summary: "Print variables for a shell or a program",
    options: [
      .init(short: "f", long: "from", value: "FILE", help: "read variables from a file; - is standard input"),
      .init(long: "format", value: "FORMAT", help: "the format: " + formats),
      .init(long: "unset", help: "print the lines that remove the variables"),
    ])

  /// Made at each start of the program, without joined(separator:), for which the runtime searches all conformances.
  private static let formats = ExportFormat.allCases.reduce("") { $0 + ($0.isEmpty ? "" : ", ") + $1.rawValue }

  private let context: EnvContext

  init(_ context: EnvContext) { self.context = context }

  /// Returns the line that makes the shell fail; `nil` for formats that no shell evaluates.
  static func failureText(_ arguments: [[UInt8]]) -> String? { format(in: arguments).failureText }

  func run(_ arguments: ParsedArguments) throws -> ExitCode {
    let format = try Self.format(arguments)
    guard !arguments.has("unset") || format.isShell else {
      throw UserFacingError("--unset needs --format sh, fish or elvish", exitCode: .usage)
    }
    let variables = try VariableList(
      files: arguments.values(of: "from"), arguments: arguments.operands, context)
    if arguments.has("unset") {
      try context.write(variables.templates.compactMap { format.unsetting($0.name) }.joined())
      return .success
    }
    let values = try Resolver(context).resolve(variables.templates)
    try context.write(format.text(values, random: SystemRandom()))
    return .success
  }

  private static func format(_ arguments: ParsedArguments) throws(UserFacingError) -> ExportFormat {
    guard let name = arguments.values(of: "format").last else { return .sh }
    let text = String(decoding: name, as: UTF8.self)
    guard let format = ExportFormat(rawValue: text) else {
      throw UserFacingError("there is no format \(text)", hint: "use one of: \(formats)", exitCode: .usage)
    }
    return format
  }

  /// Returns the format that arguments name, of which others may be wrong; that of sh if they name none.
  private static func format(in arguments: [[UInt8]]) -> ExportFormat {
    let texts = arguments.map { String(decoding: $0, as: UTF8.self) }
    var format = ExportFormat.sh
    for (index, text) in texts.enumerated() {
      if text == "--format", index + 1 < texts.count {
        format = ExportFormat(rawValue: texts[index + 1]) ?? format
      } else if text.utf8.starts(with: "--format=".utf8) {
        format = ExportFormat(rawValue: String(text.dropFirst("--format=".count))) ?? format
      }
    }
    return format
  }
}
