import ArgumentParser
import Glibc

/// Where password and codes come from without a person.
struct PasswordOptions: ParsableArguments {
  @Flag(help: "Read the account's password from the first line of standard input.")
  var passwordStdin = false

  @Option(
    help: ArgumentHelp(
      "Read codes that the account asks for from the first line that this shell command prints.",
      valueName: "command"))
  var otpCommand: String?

  @Option(help: ArgumentHelp("Read such codes from the lines of this open file descriptor.", valueName: "number"))
  var otpFd: Int32?

  /// Whether one of them is given.
  var isUsed: Bool { passwordStdin || otpCommand != nil || otpFd != nil }

  func validate() throws {
    if otpCommand != nil, otpFd != nil { throw ValidationError("--otp-command and --otp-fd cannot go together") }
    if passwordStdin, otpFd == 0 {
      throw ValidationError("--password-stdin and --otp-fd 0 cannot go together: both read standard input")
    }
    var info = stat()
    if let otpFd, fstat(otpFd, &info) != 0 { throw ValidationError("--otp-fd \(otpFd) is not open") }
  }
}
