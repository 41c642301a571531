import Glibc

@testable import LockwiseCore

/// Searches the process's whole memory for a secret (proc(5), /proc/self/mem).
final class MemorySearch {
  private static let chunk = 1 << 20

  /// The pattern to search for, 32 random bytes.
  let pattern: UnsafeMutableRawBufferPointer
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 4096)
  /// The buffers for the list of regions. A search allocates nothing, because that could overwrite memory that was just
  /// freed.
  private let text = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 4096)
  private let regions = UnsafeMutableBufferPointer<(start: Int, end: Int)>.allocate(capacity: 1 << 14)
  private let memory: Int32

  init() {
    pattern = .allocate(byteCount: 32, alignment: 16)
    // Not zero, because memory is full of zeros.
    repeat {
      guard (try? SystemRandom().fill(pattern)) != nil else { preconditionFailure("no random bytes") }
    } while pattern[0] == 0
    memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
    precondition(memory >= 0)
  }

  deinit {
    close(memory)
    pattern.deallocate()
    buffer.deallocate()
    text.deallocate()
    regions.deallocate()
  }

  /// Returns the number of copies in memory, excluding the pattern itself.
  func occurrences() -> Int {
    var count = 0
    for index in 0..<findRegions() {
      let (start, end) = regions[index]
      var position = start
      while position < end {
        let size = min(Self.chunk, end - position)
        let read = pread(memory, buffer.baseAddress, size, off_t(position))
        if read > 0 { count += hits(UnsafeRawBufferPointer(rebasing: buffer[..<read]), at: position) }
        // A pattern across two chunks is found in the second.
        position += size == Self.chunk ? size - 31 : size
      }
    }
    return count
  }

  private func hits(_ bytes: UnsafeRawBufferPointer, at address: Int) -> Int {
    var count = 0
    var offset = 0
    guard let start = bytes.baseAddress, let wanted = pattern.baseAddress else { return 0 }
    while offset + 32 <= bytes.count,
      let found = memchr(start + offset, Int32(pattern[0]), bytes.count - 31 - offset)
    {
      offset = UnsafeRawPointer(found) - start
      if memcmp(found, wanted, 32) == 0, !isOwn(address + offset) { count += 1 }
      offset += 1
    }
    return count
  }

  private func isOwn(_ address: Int) -> Bool {
    let (pattern, buffer) = (Int(bitPattern: pattern.baseAddress), Int(bitPattern: buffer.baseAddress))
    return (pattern..<pattern + 32).contains(address) || (buffer..<buffer + Self.chunk).contains(address)
  }

  /// Lists the writable regions.
  ///
  /// - Returns: the number of regions.
  private func findRegions() -> Int {
    let file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var length = 0
    while length < text.count, let start = text.baseAddress {
      let count = read(file, start + length, text.count - length)
      guard count > 0 else { break }
      length += count
    }
    var found = 0
    var position = 0
    while position < length, found < regions.count {
      // `start-end rw`, and so on.
      let start = number(&position)
      position += 1
      let end = number(&position)
      if position + 2 < length, text[position + 1] == UInt8(ascii: "r"), text[position + 2] == UInt8(ascii: "w") {
        // A region that has grown between two reads of the list is in it twice.
        regions[found] = (found == 0 ? start : max(start, regions[found - 1].end), end)
        found += 1
      }
      while position < length, text[position] != 0x0A { position += 1 }
      position += 1
    }
    return found
  }

  /// Reads a hexadecimal number.
  private func number(_ position: inout Int) -> Int {
    var value = 0
    while position < text.count {
      switch text[position] {
      case 0x30...0x39: value = value << 4 | Int(text[position] - 0x30)
      case 0x61...0x66: value = value << 4 | Int(text[position] - 0x57)
      default: return value
      }
      position += 1
    }
    return value
  }
}
