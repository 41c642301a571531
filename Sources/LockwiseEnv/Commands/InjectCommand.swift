import Glibc
import LockwiseCore

/// The command `inject`: replaces the references in a template.
struct InjectCommand: EnvCommand {
  static let syntax = CommandSyntax(
    name: "inject", operandText: "",
    summary: "Replace the references in a template",
    options: [
      .init(short: "i", long: "input", value: "FILE", help: "read the template from a file, not standard input"),
      .init(short: "o", long: "output", value: "FILE", help: "replace a file, not write to standard output"),
      .init(long: "mode", value: "MODE", help: "the permissions of the file; 0600 if not given"),
    ])

  private let context: EnvContext

  init(_ context: EnvContext) { self.context = context }

  func run(_ arguments: ParsedArguments) throws -> ExitCode {
    guard arguments.operands.isEmpty else {
      throw UserFacingError(
        "inject has no operands", hint: "use -i FILE for a template, -o FILE for the output", exitCode: .usage)
    }
    let output = arguments.values(of: "output").last
    let mode = try arguments.values(of: "mode").last.map(Self.mode)
    guard output != nil || mode == nil else { throw UserFacingError("--mode needs --output", exitCode: .usage) }
    let input = InputFile(path: arguments.values(of: "input").last ?? Array("-".utf8))
    let template = try NamedTemplate(file: input, context)
    let value = try Resolver(context).resolve([template])[0].bytes
    if let output {
      try OutputFile(path: output).replace(with: value, mode: mode ?? 0o600)
    } else {
      try context.write(value)
    }
    return .success
  }

  private static func mode(_ text: [UInt8]) throws(UserFacingError) -> mode_t {
    let digits = String(decoding: text, as: UTF8.self)
    guard (3...4).contains(text.count), text.allSatisfy({ (0x30...0x37).contains($0) }),
      let mode = mode_t(digits, radix: 8), mode <= 0o777
    else {
      throw UserFacingError("\(digits) is not a mode", hint: "use three octal digits, such as 640", exitCode: .usage)
    }
    return mode
  }
}
