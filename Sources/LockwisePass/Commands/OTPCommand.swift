import LockwiseCore

/// The command `otp`: prints and saves one-time codes, as the extension pass-otp does.
struct OTPCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case "help", "--help", "-h": try context.out(OTPUsage.help(of: context.program))
    case "version", "--version": try context.out(ProgramInformation.version)
    case "insert", "add": return try OTPInsertCommand(context).run(rest)
    case "append": return try OTPAppendCommand(context).run(rest)
    case "uri": return try OTPURICommand(context).run(rest)
    case "validate": return try OTPValidateCommand(context).run(rest)
    case "code", "show": return try OTPCodeCommand(context).run(rest)
    default: return try OTPCodeCommand(context).run(arguments)
    }
    return .success
  }
}
