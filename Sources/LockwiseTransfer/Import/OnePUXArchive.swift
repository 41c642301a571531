import Glibc
import LockwiseCLI
import LockwiseCore

/// The zip archive of a 1PUX, read by unzip(1). It may come from anywhere.
struct OnePUXArchive {
  /// The file with the items.
  private static let member = "export.data"
  /// The greatest size of that file, bytes. An archive of a few kilobytes can contain far more.
  static let dataLimit = 256 << 20
  /// The longest time for unzip.
  private static let timeout: Milliseconds = 120_000

  let environment: Environment

  /// Returns the content of `export.data`.
  ///
  /// unzip gets the open file as its standard input, so that the name of the archive is not a pattern for it, and no
  /// terminal, so that it cannot ask for a password.
  ///
  /// - Parameter archive: the open archive, a regular file.
  /// - Throws: `TransferError`.
  func data(of archive: Int32) throws -> SecretBytes {
    do {
      let pipe = try ChildProcess.makePipe("unzip")
      defer { close(pipe.read) }
      let pid: pid_t
      do {
        pid = try ChildProcess.start(
          "unzip", ["-p", "/dev/stdin", Self.member], environment: environment,
          streams: .init(input: .descriptor(archive), output: .descriptor(pipe.write), error: .null), detached: true)
      } catch {
        close(pipe.write)
        throw error
      }
      close(pipe.write)
      let deadline = Milliseconds.monotonic() + Self.timeout
      guard let data = FileDescriptor.readAll(pipe.read, limit: Self.dataLimit, deadline: deadline), !data.isEmpty,
        ChildProcess.end(pid, by: deadline) == .exited(0)
      else {
        kill(pid, SIGKILL)
        _ = ChildProcess.wait(pid)
        throw TransferError.badArchive
      }
      return data
    } catch is ChildProcess.Failure {
      throw TransferError.missingProgram("unzip", .onePUX)
    }
  }
}
