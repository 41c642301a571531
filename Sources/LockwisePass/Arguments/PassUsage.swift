import LockwiseCore

/// The usage lines of pass(1), which front ends and users know.
enum PassUsage {
  /// The options and operands of a command.
  struct Syntax: ExpressibleByStringLiteral {
    /// As pass names them.
    let text: String
    /// With the options that pass lacks, for a command line that has one of them.
    let own: String

    /// Makes a syntax.
    ///
    /// - Parameter own: the text with the options that pass lacks; `nil` if there are none.
    init(_ text: String, own: String? = nil) {
      self.text = text
      self.own = own ?? text
    }

    init(stringLiteral text: String) { self.init(text) }
  }

  /// Returns the options and operands of a command.
  ///
  /// - Parameter command: one of the command's names.
  static func syntax(of command: String) -> Syntax {
    switch command {
    case "init": "[--path=subfolder,-p subfolder] gpg-id..."
    case "find", "search": Syntax("pass-names...", own: "[--json] pass-names...")
    case "grep": Syntax("[GREPOPTIONS] search-string", own: "[--json] [GREPOPTIONS] search-string")
    case "insert", "add":
      Syntax(
        "[--echo,-e | --multiline,-m] [--force,-f] pass-name",
        own: "[--echo,-e | --multiline,-m | --json] [--free] [--force,-f] pass-name")
    case "edit": "pass-name"
    case "generate":
      Syntax(
        "[--no-symbols,-n] [--clip,-c] [--qrcode,-q] [--in-place,-i | --force,-f] pass-name [pass-length]",
        own: "[--no-symbols,-n | --words number] [--clip,-c | --qrcode,-q [--window]] "
          + "[--in-place,-i | --force,-f] pass-name [pass-length]")
    case "rm", "delete", "remove": "[--recursive,-r] [--force,-f] pass-name"
    case "mv", "rename", "cp", "copy": "[--force,-f] old-path new-path"
    case "ls", "list": Syntax(show, own: "[--flat | --json] [subfolder]")
    default:
      Syntax(
        show,
        own: "[--clip[=line-number],-c[line-number] | --qrcode[=line-number],-q[line-number] [--window]] "
          + "[--password,-o | --field key | --json] pass-name")
    }
  }

  private static let show =
    "[--clip[=line-number],-c[line-number]] [--qrcode[=line-number],-q[line-number]] [pass-name]"
}

extension PassContext {
  /// Parses the arguments of the command.
  ///
  /// - Parameters:
  ///   - options: the options that it accepts.
  ///   - operands: how many operands it accepts.
  ///   - syntax: the options and operands for "Usage:"; those of the command in `PassUsage` if `nil`.
  /// - Throws: `PassFailure` with status 64 and getopt's messages above the usage line.
  func parse(
    _ arguments: [String], _ options: [GetoptArguments.Option], operands: some RangeExpression<Int>,
    syntax: PassUsage.Syntax? = nil
  ) throws -> GetoptArguments {
    let parsed = GetoptArguments(
      arguments, options, stopsAtOperand: environment.value("POSIXLY_CORRECT") != nil)
    guard parsed.errors.isEmpty, operands.contains(parsed.operands.count) else {
      throw usage(syntax, parsed, errors: parsed.errors)
    }
    return parsed
  }

  /// Makes the failure for a wrong command line.
  ///
  /// - Parameters:
  ///   - syntax: the options and operands for "Usage:"; those of the command in `PassUsage` if `nil`.
  ///   - parsed: the command line, whose options select the usage line; `nil` selects that of pass.
  ///   - errors: getopt's messages.
  func usage(
    _ syntax: PassUsage.Syntax? = nil, _ parsed: GetoptArguments? = nil, errors: [String] = []
  ) -> PassFailure {
    let lines = errors.map { "\(program): \(PrintableText.of($0))" }
    let syntax = syntax ?? PassUsage.syntax(of: command)
    let text = parsed?.hasOwnOption == true ? syntax.own : syntax.text
    return PassFailure((lines + ["Usage: \(program) \(command) \(text)"]).joined(separator: "\n"), exitCode: .usage)
  }
}
