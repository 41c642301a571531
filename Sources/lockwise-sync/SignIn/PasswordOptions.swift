import ArgumentParser
import Glibc
import LockwiseCLI
import LockwiseCore

/// The sources of the password and the codes other than the terminal.
struct PasswordOptions: ParsableArguments {
  @Flag(help: "Read the password from the first line of standard input.")
  var passwordStdin = false

  @Option(
    help: ArgumentHelp(
      "Read sign-in codes from the first line this command prints.",
      valueName: "command"))
  var otpCommand: String?

  @Option(help: ArgumentHelp("Read sign-in codes from this file descriptor, one a line.", valueName: "number"))
  var otpFd: Int32?

  /// Whether any of the options is given.
  var isUsed: Bool { passwordStdin || otpCommand != nil || otpFd != nil }

  func validate() throws {
    if otpCommand != nil, otpFd != nil { throw ValidationError("--otp-command and --otp-fd cannot be combined") }
    if passwordStdin, otpFd == 0 {
      throw ValidationError("--password-stdin and --otp-fd 0 cannot be combined: both read standard input")
    }
    var info = stat()
    if let otpFd, fstat(otpFd, &info) != 0 { throw ValidationError("--otp-fd \(otpFd) is not open") }
  }
}
