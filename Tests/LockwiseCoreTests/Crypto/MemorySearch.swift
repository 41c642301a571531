import Glibc

@testable import LockwiseCore

/// Looks for a secret in all of the process's own memory (proc(5), /proc/self/mem).
final class MemorySearch {
  private static let chunk = 1 << 20

  /// 32 random bytes that are nowhere else.
  let pattern: UnsafeMutableRawBufferPointer
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 4096)
  private let memory: Int32

  init() {
    pattern = .allocate(byteCount: 32, alignment: 16)
    // Not zero, of which memory is full.
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
  }

  /// How often the pattern is in memory, the one here not counted.
  func occurrences() -> Int {
    var count = 0
    for (start, end) in regions() {
      var position = start
      while position < end {
        let size = min(Self.chunk, end - position)
        let read = pread(memory, buffer.baseAddress, size, off_t(position))
        if read > 0 { count += hits(UnsafeRawBufferPointer(rebasing: buffer[..<read]), at: position) }
        // A pattern across two chunks is in the second.
        position += size == Self.chunk ? size - 31 : size
      }
    }
    return count
  }

  private func hits(_ bytes: UnsafeRawBufferPointer, at address: Int) -> Int {
    let own = [UnsafeRawBufferPointer(pattern), UnsafeRawBufferPointer(buffer)].map { area in
      Int(bitPattern: area.baseAddress)..<Int(bitPattern: area.baseAddress) + area.count
    }
    var count = 0
    var offset = 0
    guard let start = bytes.baseAddress, let wanted = pattern.baseAddress else { return 0 }
    while offset + 32 <= bytes.count,
      let found = memchr(start + offset, Int32(pattern[0]), bytes.count - 31 - offset)
    {
      offset = UnsafeRawPointer(found) - start
      if memcmp(found, wanted, 32) == 0, !own.contains(where: { $0.contains(address + offset) }) { count += 1 }
      offset += 1
    }
    return count
  }

  private func regions() -> [(start: Int, end: Int)] {
    guard let file = fopen("/proc/self/maps", "r") else { return [] }
    defer { fclose(file) }
    var regions: [(Int, Int)] = []
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, Int32(line.count), file) != nil {
      let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
        separator: " ")
      let bounds = fields[0].split(separator: "-").compactMap { Int($0, radix: 16) }
      if bounds.count == 2, fields[1].hasPrefix("rw") { regions.append((bounds[0], bounds[1])) }
    }
    return regions
  }
}
