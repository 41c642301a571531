import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The way of one output of a command to its target, with the secrets hidden.
///
/// It reads only when everything before was written, so that a command waits for a slow reader as it would without us.
final class MaskedOutput {
  /// The descriptor that the command's output is read from; -1 at its end.
  private(set) var source: Int32
  /// The descriptor that it is written to; -1 if that is no longer possible.
  private(set) var target: Int32
  /// Why the output could not be written, an error number; `nil` if its reader has gone or it was written.
  private(set) var failure: Int32?
  /// Whether the last attempt to read found nothing.
  private(set) var isIdle = false
  private let writeLimit: Int
  private let stream: MaskStream
  /// The number of bytes that may still be read.
  private var remaining = Int.max
  private let output = WipedArray<UInt8>()
  private let input = WipedArray<UInt8>()
  /// When the command has been silent for long enough (`Milliseconds.monotonic`).
  private var deadline: Milliseconds?

  /// The silence after which the beginning of a secret is passed.
  private static let silence = Milliseconds(100)
  /// The most bytes that a pipe or a terminal can hold (pipe(7), /proc/sys/fs/pipe-max-size). What is read after them was
  /// written by another process, which may never end.
  private static let longestRest = 1 << 20
  private static let readSize = 65536
  /// The most bytes that a pipe accepts without waiting once it is writable (pipe(7), PIPE_BUF).
  private static let pipeSize = 4096

  /// Makes the way from a descriptor to another.
  ///
  /// - Parameters:
  ///   - source: a pipe, or the master of a pseudo-terminal. It becomes non-blocking.
  ///   - target: the descriptor to write to.
  ///   - patterns: what is hidden.
  init(from source: Int32, to target: Int32, _ patterns: MaskPatterns) {
    var status = stat()
    let isFile = fstat(target, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    writeLimit = isFile ? .max : Self.pipeSize
    self.source = source
    self.target = target
    stream = MaskStream(patterns)
    _ = lockwise_set_nonblocking(source)
    input.append(repeating: 0, count: Self.readSize)
  }

  /// Whether something is waiting to be written.
  var isWriting: Bool { output.count > 0 }

  /// Whether the command's output has ended and everything was written.
  var isFinished: Bool { source < 0 && !isWriting }

  /// Whether there may be something to read, or something is waiting to be written.
  var isBusy: Bool { isWriting || !(source < 0 || isIdle) }

  /// What poll(2) waits for.
  var event: pollfd {
    isWriting
      ? pollfd(fd: target, events: Int16(POLLOUT), revents: 0) : pollfd(fd: source, events: Int16(POLLIN), revents: 0)
  }

  /// The time until `proceed` has to be called without an event; `nil` if there is none.
  var timeout: Milliseconds? {
    guard !isWriting, let deadline else { return nil }
    return max(Milliseconds(0), deadline - .monotonic())
  }

  /// Writes, reads or passes what was held, after an event or the timeout.
  func proceed(_ event: pollfd) {
    if isWriting {
      if event.revents != 0 { write() }
    } else if event.revents != 0 {
      read()
    }
    guard !isWriting, let deadline, .monotonic() >= deadline else { return }
    release()
  }

  /// Passes what is passed after a silence.
  func release() {
    deadline = nil
    stream.release(into: output)
  }

  /// Begins to read what the command has left when it ended.
  func beginDraining() {
    isIdle = false
    remaining = Self.longestRest
  }

  /// Reads without a limit again.
  func endDraining() { remaining = .max }

  /// Reads a chunk if there is one.
  func read() {
    guard source >= 0, !isWriting else { return }
    guard remaining > 0 else {
      isIdle = true
      return
    }
    let count = FileDescriptor.retrying { Glibc.read(source, input.elements.baseAddress, Self.readSize) }
    isIdle = count < 0 && errno == EAGAIN
    if isIdle { return }
    // A master reports EIO when the terminal is closed (pts(4)).
    guard count > 0 else { return end() }
    if remaining < .max { remaining -= count }
    stream.accept(UnsafeRawBufferPointer(rebasing: input.bytes[..<count]), into: output)
    input.wipe(count)
    deadline = stream.isHolding ? .monotonic() + Self.silence : nil
    if target < 0 { output.removeAll() }
  }

  /// Ends the output, and what was held is passed.
  func end() {
    guard source >= 0 else { return }
    close(source)
    source = -1
    deadline = nil
    stream.finish(into: output)
    if target < 0 { output.removeAll() }
  }

  private func write() {
    let part = UnsafeRawBufferPointer(rebasing: output.bytes.prefix(writeLimit))
    let count = Glibc.write(target, part.baseAddress, part.count)
    if count > 0 { return output.removeFirst(count) }
    guard errno != EINTR, errno != EAGAIN else { return }
    if errno != EPIPE, errno != EIO { failure = errno }
    // The command notices at its next write, as it would without us (SIGPIPE), or gets SIGHUP.
    target = -1
    output.removeAll()
    end()
  }
}
