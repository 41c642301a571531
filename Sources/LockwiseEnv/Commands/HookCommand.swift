import LockwiseCLI
import LockwiseCore

/// `lockwise-env hook`: prints two functions for a shell. They set variables as `export` does, and remove them again.
struct HookCommand: EnvCommand {
  static let syntax = CommandSyntax(
    name: "hook", operandText: "bash|zsh|fish [load [NAME=VALUE]...]",
    summary: "Print the functions lockwise-load and lockwise-unload",
    options: [
      .init(short: "f", long: "from", value: "FILE", help: "read a file of references; - is standard input")
    ])

  private let context: EnvContext

  init(_ context: EnvContext) { self.context = context }

  /// Returns the line that makes every shell fail: one that evaluates the output gets no functions.
  static func failureText(_ arguments: [[UInt8]]) -> String? { ExportFormat.sh.failureText }

  func run(_ arguments: ParsedArguments) throws -> ExitCode {
    let words = arguments.operands.prefix(2).map { String(decoding: $0, as: UTF8.self) }
    guard let name = words.first else { throw Self.misuse("the shell is missing") }
    guard let shell = HookShell(rawValue: name) else { throw Self.misuse("unknown shell \(name)") }
    if words.count == 1, !arguments.has("from") {
      try context.write(shell.functions)
    } else if words.last == "load" {
      try load(arguments, shell)
    } else {
      throw Self.misuse("unknown argument")
    }
    return .success
  }

  /// Prints what `lockwise-load` evaluates: a line that remembers the names, and that of `export` for each variable.
  private func load(_ arguments: ParsedArguments, _ shell: HookShell) throws {
    let variables = try VariableList(
      files: arguments.values(of: "from"), arguments: Array(arguments.operands.dropFirst(2)), context)
    let values = try Resolver(context).resolve(variables.templates)
    let lines = try shell.format.text(values, random: SystemRandom())
    try context.write(.concatenating([SecretBytes(utf8: shell.remembering(values.map(\.name))), lines]))
  }

  private static func misuse(_ message: String) -> UserFacingError {
    UserFacingError(message, hint: "see lockwise-env hook --help", exitCode: .usage)
  }
}
