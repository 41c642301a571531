import Glibc
import LockwiseCLI
import LockwiseCore

/// The environment, streams and vault of one run of `lockwise-env`.
struct EnvContext {
  /// The environment, clock, messages and vault.
  let helper: HelperContext
  /// The descriptor of standard input.
  var input: Int32 = 0
  /// The descriptor of standard output.
  var output: Int32 = 1
  /// The state that a command gets back; `nil` if it gets this process's.
  let inherited: InheritedState?
  /// What the run has done so far.
  let activity = Activity()

  /// What a run has done so far.
  final class Activity {
    /// Whether the vault was read, so that a pull may be due.
    var hasRead = false
    /// Whether the names of many logins were read one by one, so that storing them spares the next run that.
    var hasOutdatedNames = false
  }

  /// Makes a context; nothing is read or unlocked yet.
  init(helper: HelperContext, inherited: InheritedState? = nil, input: Int32 = 0, output: Int32 = 1) {
    self.helper = helper
    self.inherited = inherited
    self.input = input
    self.output = output
  }

  /// The environment variables.
  var environment: Environment { helper.configuration.environment }

  /// Messages for the user.
  var diagnostics: Diagnostics { helper.diagnostics }

  /// Writes to standard output, without a buffer.
  ///
  /// - Throws: `UserFacingError` if it cannot be written.
  func write(_ bytes: SecretBytes) throws { try bytes.withUnsafeBytes(write) }

  /// Writes to standard output, without a buffer.
  ///
  /// - Throws: `UserFacingError` if it cannot be written.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    guard FileDescriptor.writeAll(output, bytes) else {
      throw UserFacingError("cannot write the output: \(String(cString: strerror(errno)))", exitCode: .failure)
    }
  }

  /// Writes a text that is not secret to standard output.
  ///
  /// - Throws: `UserFacingError` if it cannot be written.
  func write(_ text: String) throws { try write(SecretBytes(utf8: text)) }

  /// Reports a failure on standard error.
  ///
  /// - Returns: the exit status that it has in the suite.
  func report(_ error: any Error) -> ExitCode {
    switch error {
    case VaultError.locked, PromptError.nobodyThere, PromptError.pinentryMissing:
      diagnostics.error(helper.unlocker.lockedLine)
      return .locked
    case let failures as any SeveralFailures:
      for failure in failures.failures { diagnostics.report(failure) }
      return failures.failures.first?.exitCode ?? .failure
    default:
      let error = UserFacingError(error)
      diagnostics.report(error)
      return error.exitCode
    }
  }
}
