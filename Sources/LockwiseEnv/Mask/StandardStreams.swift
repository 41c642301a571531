import Glibc
import LockwiseCLI

/// The standard streams that a command would have without us.
struct StandardStreams {
  /// Whether standard input, output and error are terminals.
  let isTerminal: [Bool]
  /// Whether output and error are open.
  private let isOpen: [Bool]
  /// Whether another command may read our output or write our input, and needs the terminal.
  let isPipeline: Bool

  /// Reads the streams of this process.
  ///
  /// - Parameter input: the descriptor of standard input if it is not this process's.
  init(input: Int32?) {
    let descriptors: [Int32] = [input ?? 0, 1, 2]
    isTerminal = descriptors.map { isatty($0) == 1 }
    // `InheritedState` occupies a closed stream with a descriptor that cannot be written to.
    isOpen = descriptors.map { fcntl($0, F_GETFL) & O_ACCMODE != O_RDONLY }
    isPipeline = descriptors.prefix(2).contains { descriptor in
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { return false }
      return [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }
  }

  /// Whether standard output or error is a terminal.
  var hasTerminalOutput: Bool { isTerminal[1] || isTerminal[2] }

  /// The outputs that are masked through a pipe, by their descriptors.
  var piped: [Int32] { [1, 2].filter { isOpen[Int($0)] && !isTerminal[Int($0)] } }
}
