import LockwiseCore

/// The command `check`: finds references without a value.
struct CheckCommand: EnvCommand {
  static let syntax = CommandSyntax(
    name: "check", operandText: "",
    summary: "Check that every reference has a value",
    options: [
      .init(short: "f", long: "from", value: "FILE", help: "check a file of references; - is standard input"),
      .init(short: "i", long: "input", value: "TEMPLATE", help: "check a template; - is standard input"),
    ])

  private let context: EnvContext

  init(_ context: EnvContext) { self.context = context }

  func run(_ arguments: ParsedArguments) throws -> ExitCode {
    guard arguments.operands.isEmpty, !arguments.options.isEmpty else {
      throw UserFacingError("check needs -f FILE or -i TEMPLATE", exitCode: .usage)
    }
    var templates: [NamedTemplate] = []
    for file in arguments.values(of: "from") {
      // Each file by itself: a later one must not hide what is missing in this one.
      templates += try VariableList(files: [file], arguments: [], context).templates
    }
    for file in arguments.values(of: "input") {
      templates.append(try NamedTemplate(file: InputFile(path: file), context))
    }
    _ = try Resolver(context).resolve(templates)
    return .success
  }
}
