import LockwiseCore

/// The command `otp validate`: checks a URI.
struct OTPValidateCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let text = arguments.first ?? ""
    let line = OTPAuthURI.encodingQuotes(SecretBytes(utf8: text))
    do throws(OTPAuthURI.Failure) {
      _ = try OTPAuthURI(line)
    } catch {
      // The user typed the URI on the command line, so that this shows nothing new.
      throw OTPFailure.invalid(error, line.exposedText() ?? text)
    }
    return .success
  }
}
