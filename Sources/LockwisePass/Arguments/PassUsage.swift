import LockwiseCore

/// The usage lines of pass(1), which front ends and users know.
enum PassUsage {
  /// Returns the options and operands of a command as pass names them.
  ///
  /// - Parameter command: one of the command's names.
  static func syntax(of command: String) -> String {
    switch command {
    case "init": "[--path=subfolder,-p subfolder] gpg-id..."
    case "find", "search": "pass-names..."
    case "grep": "[GREPOPTIONS] search-string"
    case "insert", "add": "[--echo,-e | --multiline,-m] [--force,-f] pass-name"
    case "edit": "pass-name"
    case "generate":
      "[--no-symbols,-n] [--clip,-c] [--qrcode,-q] [--in-place,-i | --force,-f] pass-name [pass-length]"
    case "rm", "delete", "remove": "[--recursive,-r] [--force,-f] pass-name"
    case "mv", "rename", "cp", "copy": "[--force,-f] old-path new-path"
    default: "[--clip[=line-number],-c[line-number]] [--qrcode[=line-number],-q[line-number]] [pass-name]"
    }
  }
}

extension PassContext {
  /// Parses the arguments of the command.
  ///
  /// - Parameters:
  ///   - options: the options that it accepts.
  ///   - operands: how many operands it accepts.
  ///   - syntax: the options and operands for "Usage:"; those of pass if `nil`.
  /// - Throws: `PassFailure` with status 64 and getopt's messages above the usage line.
  func parse(
    _ arguments: [String], _ options: [GetoptArguments.Option], operands: some RangeExpression<Int>,
    syntax: String? = nil
  ) throws -> GetoptArguments {
    let parsed = GetoptArguments(
      arguments, options, stopsAtOperand: environment.value("POSIXLY_CORRECT") != nil)
    guard parsed.errors.isEmpty, operands.contains(parsed.operands.count) else {
      throw usage(syntax, errors: parsed.errors)
    }
    return parsed
  }

  /// Makes the failure for a wrong command line.
  ///
  /// - Parameters:
  ///   - syntax: the options and operands for "Usage:"; those of pass if `nil`.
  ///   - errors: getopt's messages.
  func usage(_ syntax: String? = nil, errors: [String] = []) -> PassFailure {
    let lines = errors.map { "\(program): \(PrintableText.of($0))" }
    let usage = "Usage: \(program) \(command) \(syntax ?? PassUsage.syntax(of: command))"
    return PassFailure((lines + [usage]).joined(separator: "\n"), exitCode: .usage)
  }
}
