import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseEnv

@Suite struct SecretFileTests {
  private static let secret = SecretBytes(utf8: "radium 226\n\u{0}\n")

  /// Whether there is a file system in memory for files without a name.
  private static let hasSharedMemory = access("/dev/shm", W_OK) == 0

  private func content(_ descriptor: Int32) -> [UInt8]? {
    FileDescriptor.readAll(descriptor, limit: 1 << 20)?.withUnsafeBytes { Array($0) }
  }

  private func info(_ descriptor: Int32) -> stat {
    var info = stat()
    #expect(fstat(descriptor, &info) == 0)
    return info
  }

  @Test(arguments: [secret, SecretBytes(utf8: ""), SecretBytes(copying: [UInt8](repeating: 7, count: 200_000))])
  func makesAFileInMemory(secret: SecretBytes) throws {
    let descriptor = try SecretFile(Environment([:])).make(secret)
    defer { close(descriptor) }
    #expect(descriptor >= 100)
    #expect(fcntl(descriptor, F_GETFD) == FD_CLOEXEC)
    let info = info(descriptor)
    #expect(info.st_mode & ~0o777 == S_IFREG && info.st_mode & 0o777 == 0o400)
    #expect(info.st_size == off_t(secret.count))
    #expect(content(descriptor) == secret.withUnsafeBytes { Array($0) })
    // F_GET_SEALS: sealed against sealing, shrinking, growing and writing.
    #expect(fcntl(descriptor, 1034) & 0xF == 0xF)
    #expect(write(descriptor, "x", 1) < 0 && errno == EPERM)
  }

  @Test(.enabled(if: hasSharedMemory, "needs /dev/shm"))
  func usesAnotherFileSystemInMemory() throws {
    // One that is not in memory, one that does not exist, and a relative one come first.
    for folder in [FileManager.default.currentDirectoryPath, "/does/not/exist", "."] {
      var maker = SecretFile(Environment(["XDG_RUNTIME_DIR": folder]))
      maker.openMemory = { -1 }
      let descriptor = try maker.make(Self.secret)
      defer { close(descriptor) }
      let info = info(descriptor)
      #expect(info.st_mode & 0o777 == 0o400 && info.st_nlink == 0)
      #expect(content(descriptor) == Self.secret.withUnsafeBytes { Array($0) })
      let target = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
      #expect(target.hasPrefix("/dev/shm/"))
    }
  }

  @Test func failsWithoutMemory() throws {
    var maker = SecretFile(folders: ["/proc", "/does/not/exist"])
    maker.openMemory = { -1 }
    #expect(throws: UserFacingError.self) { try maker.make(Self.secret) }
  }

  @Test func namesThePathByTheProcess() { #expect(SecretFile.path(of: 100) == "/proc/\(getpid())/fd/100") }
}
