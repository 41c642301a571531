import LockwiseCore

/// The command `read`: prints secrets.
struct ReadCommand: EnvCommand {
  static let syntax = CommandSyntax(
    name: "read", operandText: "REFERENCE...",
    summary: "Print secrets, each with a line feed",
    options: [
      .init(short: "n", long: "no-newline", help: "print no line feeds"),
      .init(long: "null", help: "print a NUL byte in place of each line feed"),
    ])

  private let context: EnvContext

  init(_ context: EnvContext) { self.context = context }

  func run(_ arguments: ParsedArguments) throws -> ExitCode {
    guard !arguments.operands.isEmpty else {
      throw UserFacingError("which reference?", hint: "see lockwise-env read --help", exitCode: .usage)
    }
    guard !arguments.has("no-newline") || !arguments.has("null") else {
      throw UserFacingError("--no-newline and --null exclude each other", exitCode: .usage)
    }
    let end = SecretBytes(utf8: arguments.has("no-newline") ? "" : arguments.has("null") ? "\0" : "\n")
    let templates = try arguments.operands.map { try NamedTemplate(reference: $0, for: "", context.environment) }
    let values = try Resolver(context).resolve(templates)
    try context.write(.concatenating(values.flatMap { [$0.bytes, end] }))
    return .success
  }
}
