import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

/// A key file is read only if others cannot have written it.
@Suite struct KeyFileTests {
  private let folder: TemporaryFolder
  private let content = Data(repeating: 7, count: 32)

  init() throws { folder = try TemporaryFolder() }

  private func reason(_ path: String) -> String? {
    do {
      _ = try Unlocker.readKeyFile(path)
      return nil
    } catch VaultError.badKeySource(let reason) {
      return reason
    } catch {
      return "\(error)"
    }
  }

  @Test func theUsersFileIsRead() throws {
    let path = try folder.write("key", content)
    #expect(try Unlocker.readKeyFile(path) == SecretBytes(copying: Array(content)))
    chmod(path, 0o400)
    #expect(reason(path) == nil)
  }

  @Test(arguments: [0o640, 0o604, 0o620, 0o602, 0o610, 0o601])
  func aFileThatOthersMayUseIsRefused(mode: Int) throws {
    let path = try folder.write("key", content, mode: mode)
    let refusal = "cannot use the key file \(path): other users can access it (mode \(String(mode, radix: 8)))"
    #expect(reason(path) == (isOpenToPrivateGroupAlone(mode, 0o077) ? nil : refusal))
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a file away")) func aFileOfAnotherUserIsRefused() throws {
    let path = try folder.write("key", content)
    chown(path, 12345, 0)
    #expect(reason(path) == "cannot use the key file \(path): it belongs to another user")
  }

  @Test func aLinkIsNotFollowed() throws {
    let path = try folder.link("link", to: folder.write("key", content))
    #expect(reason(path) == "cannot use the key file \(path): it is a symbolic link")
  }

  @Test(.timeLimit(.minutes(1))) func aPipeIsNotWaitedFor() {
    let path = folder.path + "/pipe"
    mkfifo(path, 0o600)
    #expect(reason(path) == "cannot use the key file \(path): it is not a regular file")
    #expect(reason("/dev/null") == "cannot use the key file /dev/null: it is not a regular file")
    #expect(reason("/dev/tty") != nil)
  }

  @Test func aFolderThatOthersCanChangeIsNamed() throws {
    try folder.make("open")
    let path = try folder.write("open/key", content)
    #expect(reason(path) == nil)
    try folder.make("open", mode: 0o777)
    let place = folder.path + "/open"
    #expect(reason(path) == "cannot use the key file \(path): \(place): other users can change it (mode 777)")
  }

  @Test func aMissingKeyFileIsNamed() {
    #expect(reason(folder.path + "/none")?.hasPrefix("cannot read the key file \(folder.path)/none: ") == true)
  }
}
