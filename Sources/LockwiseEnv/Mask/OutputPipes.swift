import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The pipes for the outputs of a command that are not terminals. Output and error share one if they are the same open
/// file (`2>&1`), so that their order stays.
struct OutputPipes {
  private var pipes: [(read: Int32, write: Int32, streams: [Int32])] = []

  /// Makes the pipes.
  ///
  /// - Throws: `UserFacingError`.
  init(_ streams: StandardStreams) throws {
    let piped = streams.piped
    if piped.count == 2, lockwise_is_same_file(1, 2) != 0 {
      let pipe = try Self.makePipe()
      pipes = [(pipe.read, pipe.write, piped)]
      return
    }
    for stream in piped {
      let pipe = try Self.makePipe()
      pipes.append((pipe.read, pipe.write, [stream]))
    }
  }

  /// The ends to read from, and the streams to write to.
  var channels: [MaskChannel] { pipes.map { MaskChannel(source: $0.read, target: $0.streams[0], isTerminal: false) } }

  /// Makes the pipes the streams of this process.
  func install() {
    for pipe in pipes {
      for stream in pipe.streams { dup2(pipe.write, stream) }
    }
  }

  /// Closes the ends of the command in this process.
  func closeWriteEnds() {
    for pipe in pipes { close(pipe.write) }
  }

  /// Closes the ends of the masking process in this process.
  func closeReadEnds() {
    for pipe in pipes { close(pipe.read) }
  }

  /// Makes a pipe that is not handed on.
  ///
  /// - Throws: `UserFacingError`.
  static func makePipe() throws -> (read: Int32, write: Int32) {
    do { return try ChildProcess.makePipe("") } catch { throw failure() }
  }

  /// The error of a system call that failed.
  static func failure() -> UserFacingError {
    UserFacingError("cannot run the command: \(String(cString: strerror(errno)))", exitCode: .failure)
  }
}
