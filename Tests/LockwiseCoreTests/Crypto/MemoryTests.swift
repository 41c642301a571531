import COpenSSL
import Glibc
import Testing

@testable import LockwiseCore

/// Freed buffers are wiped, and secrets are in locked memory.
@Suite(.serialized) struct MemoryTests {
  /// A size beyond the secure heap's share and below malloc's threshold for separate mappings.
  private static let ordinarySize = 70_000

  private let search = MemorySearch()

  /// A secret that contains the pattern once, at a distance from the allocator's own data.
  private func secret(size: Int) -> SecretBytes {
    SecretBytes(count: size) { buffer in
      UnsafeMutableRawBufferPointer(rebasing: buffer[(size / 2)...]).copyMemory(
        from: UnsafeRawBufferPointer(search.pattern))
    }
  }

  /// Returns the numbers of copies of the pattern before and after the result of `body` is released.
  private func found<Result>(_ body: () throws -> Result) rethrows -> (alive: Int, freed: Int) {
    var result: Result? = try body()
    let alive = withExtendedLifetime(result) { search.occurrences() }
    result = nil
    return (alive, search.occurrences())
  }

  @Test func ordinaryMemoryIsWipedWhenItIsFreed() {
    let (alive, freed) = found { secret(size: Self.ordinarySize) }
    #expect(alive == 1)
    #expect(freed == 0)
  }

  @Test func theSecureHeapIsWipedWhenItIsFreed() {
    let (alive, freed) = found { secret(size: 600) }
    #expect(alive == 1)
    #expect(freed == 0)
  }

  /// The initialiser's buffer is not copied, even if it throws.
  @Test func anAbandonedBufferIsWiped() {
    struct Stop: Error {}
    _ = try? SecretBytes(count: Self.ordinarySize) { buffer in
      UnsafeMutableRawBufferPointer(rebasing: buffer[5000...]).copyMemory(from: UnsafeRawBufferPointer(search.pattern))
      #expect(search.occurrences() == 1)
      throw Stop()
    }
    #expect(search.occurrences() == 0)
  }

  @Test func aBuildersEarlierStorageIsWiped() {
    let (alive, freed) = found {
      var builder = SecretBuilder(capacity: 128 * 1024)
      for _ in 0..<1000 { builder.append(UInt8(ascii: "x")) }
      builder.append(UnsafeRawBufferPointer(search.pattern))
      for _ in 0..<500_000 { builder.append(UInt8(ascii: "x")) }
      return builder.finish()
    }
    #expect(alive == 1)
    #expect(freed == 0)
  }

  @Test func theReadBufferIsWiped() {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    let pipe = (read: ends[0], write: ends[1])
    defer { close(pipe.read) }
    let filler = [UInt8](repeating: UInt8(ascii: "x"), count: 1000)
    #expect(write(pipe.write, filler, 1000) == 1000 && write(pipe.write, search.pattern.baseAddress, 32) == 32)
    #expect(write(pipe.write, filler, 1000) == 1000)
    close(pipe.write)
    let (alive, freed) = found { FileDescriptor.readAll(pipe.read, limit: 1 << 20) }
    #expect(alive == 1, "the secret itself, and no other copy")
    #expect(freed == 0)
  }

  /// The key schedule of AES begins with the key itself.
  @Test func aCipherIsWipedWhenItIsFreed() throws {
    let key = SecretBytes(copying: UnsafeRawBufferPointer(search.pattern))
    let (_, freed) = try found { try AES256GCM.context(key: key, .encrypting) }
    #expect(freed == 1, "the key itself")
    let (_, freedCBC) = try found {
      try AES256CBC.encrypt(SecretBytes(utf8: "text"), key: key, iv: [UInt8](repeating: 0, count: 16))
    }
    #expect(freedCBC == 1)
    withExtendedLifetime(key) {}
  }

  @Test func derivedKeysLeaveNoCopies() throws {
    let key = SecretBytes(copying: UnsafeRawBufferPointer(search.pattern))
    let (alive, freed) = try found { try VaultKeys(vaultKey: key, vaultID: [UInt8](repeating: 1, count: 16)) }
    #expect(alive == 1 && freed == 1, "the key itself: the vault's keys share it")
    let (_, loaded) = try found {
      let keys = try VaultKeys(vaultKey: key, vaultID: [UInt8](repeating: 1, count: 16))
      return VaultKeys(session: keys.session)
    }
    #expect(loaded == 1)
    withExtendedLifetime(key) {}
  }
}
