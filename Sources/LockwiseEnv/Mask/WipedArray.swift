import Glibc
import LockwiseCore

/// An array that grows, in memory of its own. It is locked up to a size, is not part of a core dump, and is wiped before
/// it is released.
final class WipedArray<Element: BitwiseCopyable> {
  /// The number of elements.
  private(set) var count = 0
  private var capacity = 0
  private var base: UnsafeMutablePointer<Element>

  /// The size up to which memory is locked, in bytes; larger memory would exceed the usual limit (getrlimit(2)).
  private static var lockedSize: Int { 1 << 20 }
  private static var pageSize: Int { 4096 }

  /// Makes an empty array with room for a number of elements.
  init(capacity: Int = 0) {
    (base, self.capacity) = Self.allocate(capacity)
  }

  deinit { Self.release(base, capacity) }

  /// The elements; valid until the array changes.
  var elements: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: base, count: count) }

  /// The bytes of the elements; valid until the array changes.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(elements) }

  /// An element.
  subscript(_ index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count)
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count)
      base[index] = newValue
    }
  }

  /// Appends an element.
  func append(_ element: Element) {
    if count == capacity { reserve(count + 1) }
    base[count] = element
    count += 1
  }

  /// Appends a number of equal elements.
  func append(repeating element: Element, count more: Int) {
    reserve(count + more)
    (base + count).update(repeating: element, count: more)
    count += more
  }

  /// Removes elements at the beginning.
  func removeFirst(_ number: Int) {
    precondition(number >= 0 && number <= count)
    guard number > 0 else { return }
    let rest = count - number
    memmove(base, base + number, rest * MemoryLayout<Element>.stride)
    explicit_bzero(base + rest, number * MemoryLayout<Element>.stride)
    count = rest
  }

  /// Removes all elements and keeps the memory, wiped.
  func removeAll() {
    explicit_bzero(base, count * MemoryLayout<Element>.stride)
    count = 0
  }

  /// Overwrites elements at the beginning with zeros.
  func wipe(_ number: Int) {
    precondition(number >= 0 && number <= count)
    explicit_bzero(base, number * MemoryLayout<Element>.stride)
  }

  private func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let (larger, room) = Self.allocate(max(2 * capacity, wanted))
    larger.update(from: base, count: count)
    Self.release(base, capacity)
    (base, capacity) = (larger, room)
  }

  private static func size(_ capacity: Int) -> Int {
    let bytes = max(capacity, 1) * MemoryLayout<Element>.stride
    return (bytes + pageSize - 1) / pageSize * pageSize
  }

  private static func allocate(_ capacity: Int) -> (UnsafeMutablePointer<Element>, Int) {
    let size = size(capacity)
    let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    // As Swift's own arrays do.
    guard let memory, memory != MAP_FAILED else { fatalError("out of memory") }
    if size <= lockedSize { mlock(memory, size) }
    madvise(memory, size, MADV_DONTDUMP)
    let room = size / MemoryLayout<Element>.stride
    return (memory.bindMemory(to: Element.self, capacity: room), room)
  }

  private static func release(_ base: UnsafeMutablePointer<Element>, _ capacity: Int) {
    let bytes = capacity * MemoryLayout<Element>.stride
    explicit_bzero(base, bytes)
    munmap(base, size(capacity))
  }
}

extension WipedArray<UInt8> {
  /// Appends the bytes of a buffer.
  func append(_ buffer: UnsafeRawBufferPointer) {
    guard let source = buffer.baseAddress, !buffer.isEmpty else { return }
    reserve(count + buffer.count)
    memcpy(base + count, source, buffer.count)
    count += buffer.count
  }

  /// Appends the bytes of an ASCII text that is not secret.
  func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
