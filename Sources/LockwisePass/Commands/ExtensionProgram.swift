import Glibc
import LockwiseCLI
import LockwiseCore

/// A program `lockwise-pass-NAME` in the folders of `PATH`, which is the command NAME.
enum ExtensionProgram {
  /// Returns the path of the program for a command; `nil` if there is none.
  ///
  /// - Parameter command: the command as it was typed. A name with a slash is never a command.
  static func find(_ command: String, _ environment: Environment) -> String? {
    guard !command.isEmpty, command.utf8.first != UInt8(ascii: "-"), !command.utf8.contains(UInt8(ascii: "/")) else {
      return nil
    }
    return ProgramSearch(environment).find("lockwise-pass-" + command)
  }

  /// Runs a program in place of this one (execve(2)). Signals have their default actions in it, and `PATH` has no
  /// relative folders.
  ///
  /// - Returns: the failure; it does not return on success.
  static func replaceProcess(
    with path: String, _ arguments: [String], _ environment: Environment
  ) -> UserFacingError {
    let entries = environment.setting("PATH", to: ProgramSearch(environment).path).entries
    var argv = ([path] + arguments).map { strdup($0) } + [nil]
    var envp =
      entries.map { entry in (entry + [0]).withUnsafeBytes { strdup($0.bindMemory(to: CChar.self).baseAddress!) } }
      + [nil]
    signal(SIGPIPE, SIG_DFL)
    execve(path, &argv, &envp)
    return UserFacingError("cannot run \(path): \(String(cString: strerror(errno)))", exitCode: .failure)
  }
}
