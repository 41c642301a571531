import CLinux
import COpenSSL
import Foundation
import Testing

@testable import LockwiseCore

/// Memory that is locked for secrets. The unit tests hold more secrets at a time than the secure heap has room for.
@Suite struct LockedMemoryTests {
  /// Whether this process may lock the memory of the whole secure heap (RLIMIT_MEMLOCK).
  private static let mayLock: Bool = {
    let size = 512 * 1024
    guard let area = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) else { return false }
    defer { munmap(area, size) }
    return mlock(area, size) == 0
  }()

  @Test(.enabled(if: mayLock, "this process may not lock memory (RLIMIT_MEMLOCK)"))
  func secretsLieInLockedMemory() async throws {
    // Other tests of this process may fill the secure heap temporarily.
    var isSecure = false
    for _ in 0..<1200 where !isSecure {
      let secret = SecretBytes(count: 32) { _ in }
      isSecure = secret.withUnsafeBytes { CRYPTO_secure_allocated($0.baseAddress) } == 1
      if !isSecure { try await Task.sleep(for: .milliseconds(50)) }
    }
    #expect(isSecure, "a key of 32 bytes is not in the secure heap")
    let status = try #require(try? String(decoding: readFile("/proc/self/status"), as: UTF8.self))
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmLck:") })
    let locked = try #require(
      line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) })
    #expect(locked >= 128, "kilobytes of locked memory")
  }

  private func readFile(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    return try #require(FileDescriptor.readAll(descriptor, limit: 1 << 20)).withUnsafeBytes { Array($0) }
  }
}
