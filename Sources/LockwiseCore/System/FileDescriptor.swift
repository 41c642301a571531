import Glibc

/// Reading from and writing to file descriptors, repeated where a signal interrupts a system call (signal(7)).
public enum FileDescriptor {
  /// Calls a system call until no signal interrupts it.
  ///
  /// - Returns: its result; negative with `errno` set if it failed for another reason.
  public static func retrying<Result: BinaryInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result < 0, errno == EINTR { continue }
      return result
    }
  }

  /// Reads a descriptor to its end.
  ///
  /// - Parameters:
  ///   - descriptor: open for reading.
  ///   - limit: the most bytes that are accepted.
  ///   - capacity: the expected number of bytes, for which memory is reserved.
  ///   - deadline: when to give up (`Milliseconds.monotonic`); `nil` means never.
  /// - Returns: `nil` if there are more than `limit` bytes, reading fails or the time is over.
  public static func readAll(
    _ descriptor: Int32, limit: Int, capacity: Int = 4096, deadline: Milliseconds? = nil
  ) -> SecretBytes? {
    var builder = SecretBuilder(capacity: capacity)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer {
      chunk.initializeMemory(as: UInt8.self, repeating: 0)
      chunk.deallocate()
    }
    while true {
      if let deadline {
        let remaining = Int32(clamping: max(0, deadline - .monotonic()).rawValue)
        guard isReadable(descriptor, milliseconds: remaining) else { return nil }
      }
      let count = retrying { read(descriptor, chunk.baseAddress, chunk.count) }
      guard count >= 0, builder.count + count <= limit else { return nil }
      if count == 0 { return builder.finish() }
      builder.append(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
    }
  }

  /// Reads until a buffer is full.
  ///
  /// - Returns: `false` if the end comes first or reading fails.
  static func readFully(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
    var position = 0
    while position < buffer.count {
      let count = retrying { read(descriptor, buffer.baseAddress.map { $0 + position }, buffer.count - position) }
      guard count > 0 else { return false }
      position += count
    }
    return true
  }

  /// Writes all bytes.
  ///
  /// - Returns: `false` with `errno` set if not all of them could be written.
  @discardableResult
  public static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    while position < bytes.count {
      let count = retrying { write(descriptor, bytes.baseAddress.map { $0 + position }, bytes.count - position) }
      guard count > 0 else { return false }
      position += count
    }
    return true
  }

  /// Returns whether there is data to read, or the end, before a time in milliseconds has passed.
  private static func isReadable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return retrying { poll(&wanted, 1, milliseconds) } > 0
  }
}
