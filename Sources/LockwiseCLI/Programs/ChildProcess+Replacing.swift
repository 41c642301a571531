import CLinux
import Glibc
import LockwiseCore

extension ChildProcess {
  /// Runs a program in place of this one (execve(2)). Signals have their default actions in it, and `PATH` has no
  /// relative folders.
  ///
  /// - Parameters:
  ///   - path: the program's absolute path, which is also its `argv[0]`.
  ///   - arguments: the arguments, of any bytes.
  ///   - environment: the program's whole environment.
  ///   - endsWithParent: whether it gets SIGTERM when the parent of this process ends.
  /// - Returns: the failure; it does not return on success.
  package static func replaceProcess(
    with path: String, _ arguments: [[UInt8]], environment: Environment, endsWithParent: Bool = false
  ) -> UserFacingError {
    let entries = environment.setting("PATH", to: ProgramSearch(environment).path).entries
    var argv = ([Array(path.utf8)] + arguments).map(copy) + [nil]
    var envp = entries.map(copy) + [nil]
    defer { for text in argv + envp { free(text) } }
    signal(SIGPIPE, SIG_DFL)
    if endsWithParent { _ = lockwise_end_with_parent() }
    execve(path, &argv, &envp)
    let number = errno
    signal(SIGPIPE, SIG_IGN)
    return UserFacingError("cannot run \(path): \(String(cString: strerror(number)))", exitCode: .failure)
  }
}
