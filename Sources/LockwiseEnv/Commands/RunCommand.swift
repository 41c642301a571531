import Glibc
import LockwiseCLI
import LockwiseCore

/// `lockwise-env run`: becomes a command that has the secrets.
struct RunCommand: EnvCommand {
  static let syntax = CommandSyntax(
    name: "run", operandText: "[NAME=VALUE]... [--] COMMAND [ARG]...",
    summary: "Run a command with secrets in its environment, files or input",
    options: [
      .init(short: "f", long: "from", value: "FILE", help: "read a file of references; - is standard input"),
      .init(long: "inherited", help: "resolve inherited variables that are references"),
      .init(long: "clean", help: "inherit only PATH, HOME, TERM, USER, LANG and LC_*"),
      .init(long: "file", value: "NAME=REF", help: "set NAME to the path of a file in memory"),
      .init(long: "files", help: "set NAME_FILE to such a path, and not NAME"),
      .init(long: "stdin", value: "REF", help: "give the command a secret as standard input"),
      .init(long: "mask", help: "hide secrets in the output of the command"),
    ], operands: .program)

  private let context: EnvContext

  init(_ context: EnvContext) { self.context = context }

  /// Every failure of `run` itself has the same status, because the others are the command's.
  static func status(of error: any Error, _ code: ExitCode) -> Int32 {
    (error as? CommandStartFailure)?.status ?? CommandStartFailure.ownStatus
  }

  func run(_ arguments: ParsedArguments) throws -> ExitCode {
    let request = try RunRequest(arguments, context)
    let values = try Resolver(context).resolve(request.templates)
    let prepared = try request.prepare(values, context)
    if request.ignoresReferences {
      context.diagnostics.hint("to resolve the references in inherited variables: lockwise-env run --inherited")
    }
    refresh()
    guard arguments.has("mask") else { throw prepared.replaceProcess() }
    let secrets = values.flatMap { value in
      value.secrets.filter(\.isConfidential).map { (name: value.name, value: $0.value) }
    }
    try MaskedRun(prepared, secrets: secrets, context).perform()
  }

  /// Starts a pull in the background if one is due. The command must not find it among its children.
  private func refresh() {
    guard context.activity.hasRead else { return }
    context.activity.hasRead = false
    if context.helper.sync.isDue { context.helper.sync.startOrphaned() }
  }
}
