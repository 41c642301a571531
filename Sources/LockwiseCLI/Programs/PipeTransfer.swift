import CLinux
import Glibc
import LockwiseCore

/// The pipes to and from a program, written and read at the same time, so that neither side waits for the other forever.
struct PipeTransfer {
  /// The program's standard input and this program's end of it; -1 if there is no input.
  private var source: (read: Int32, write: Int32) = (-1, -1)
  /// The program's standard output and this program's end of it.
  private var target: (read: Int32, write: Int32)
  private let input: SecretBytes?
  private let limit: Int

  /// Makes the pipes.
  ///
  /// - Parameters:
  ///   - program: the program's name, for errors.
  ///   - input: the bytes to write; `nil` leaves the program without input.
  ///   - limit: the most bytes to accept.
  /// - Throws: `ChildProcess.Failure.notStarted`.
  init(_ program: String, input: SecretBytes?, limit: Int) throws {
    target = try ChildProcess.makePipe(program)
    do {
      if input != nil { source = try ChildProcess.makePipe(program) }
    } catch {
      for end in [target.read, target.write] { Glibc.close(end) }
      throw error
    }
    self.input = input
    self.limit = limit
  }

  /// The streams of the program.
  var streams: ChildProcess.Streams {
    .init(input: input == nil ? .null : .descriptor(source.read), output: .descriptor(target.write))
  }

  /// Writes the input and reads the output to its end, after the program was started.
  ///
  /// - Parameter deadline: when to stop (`Milliseconds.monotonic`); `nil` means never.
  /// - Returns: the output; `nil` if there is more than the limit, or the time is over.
  mutating func run(until deadline: Milliseconds?) -> SecretBytes? {
    Self.close(&target.write)
    Self.close(&source.read)
    guard let input else { return FileDescriptor.readAll(target.read, limit: limit, deadline: deadline) }
    _ = lockwise_set_nonblocking(source.write)
    var builder = SecretBuilder(capacity: 4096)
    var written = 0
    while true {
      if written == input.count { Self.close(&source.write) }
      // poll(2) ignores negative descriptors.
      var events = [
        pollfd(fd: target.read, events: Int16(POLLIN), revents: 0),
        pollfd(fd: source.write, events: Int16(POLLOUT), revents: 0),
      ]
      let time = deadline.map { Int32(clamping: max(0, $0 - .monotonic()).rawValue) } ?? -1
      guard FileDescriptor.retrying({ poll(&events, 2, time) }) > 0 else { return nil }
      if events[1].revents != 0 { write(input, &written) }
      guard events[0].revents != 0 else { continue }
      switch read(into: &builder) {
      case 0: return builder.finish()
      case ..<0: return nil
      default: guard builder.count <= limit else { return nil }
      }
    }
  }

  /// Closes every end that is still open.
  mutating func close() {
    Self.close(&target.read)
    Self.close(&target.write)
    Self.close(&source.read)
    Self.close(&source.write)
  }

  private mutating func write(_ input: SecretBytes, _ written: inout Int) {
    let end = source.write
    let count = input.withUnsafeBytes { bytes in
      FileDescriptor.retrying { Glibc.write(end, bytes.baseAddress.map { $0 + written }, bytes.count - written) }
    }
    if count > 0 {
      written += count
    } else if errno != EAGAIN {
      // The program does not read the rest.
      written = input.count
    }
  }

  private func read(into builder: inout SecretBuilder) -> Int {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { chunk in
      defer { chunk.initializeMemory(as: UInt8.self, repeating: 0) }
      let count = FileDescriptor.retrying { Glibc.read(target.read, chunk.baseAddress, chunk.count) }
      if count > 0 { builder.append(UnsafeRawBufferPointer(rebasing: chunk[..<count])) }
      return count
    }
  }

  private static func close(_ end: inout Int32) {
    if end >= 0 { Glibc.close(end) }
    end = -1
  }
}
