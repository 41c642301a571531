import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

/// A vault is neither opened nor created below a folder that others can change, because they could replace it.
@Suite struct VaultFoldersTests {
  private let folder: TemporaryFolder
  private var directory: VaultDirectory { VaultDirectory(path: folder.path + "/state/lockwise") }

  init() throws {
    folder = try TemporaryFolder()
    try folder.make("state")
  }

  private func exposed(_ name: String, _ reason: String) -> VaultError {
    .exposed(.init(path: folder.path + name, reason: reason))
  }

  @Test func eachFolderAboveTheVaultIsChecked() throws {
    try directory.create()
    try directory.checkDirectory()
    for name in ["/state", ""] {
      try folder.make(name, mode: 0o777)
      #expect(throws: exposed(name, "other users can change it (mode 777)")) { try directory.checkDirectory() }
      try folder.make(name, mode: 0o755)
    }
    try directory.checkDirectory()
  }

  @Test func noVaultIsCreatedInAnUnsafeFolder() throws {
    try folder.make("state", mode: 0o777)
    #expect(throws: exposed("/state", "other users can change it (mode 777)")) { try directory.create() }
    #expect(!FileManager.default.fileExists(atPath: directory.path))
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a folder away")) func aFolderOfAnotherUserIsNotTrusted() throws
  {
    try directory.create()
    chown(folder.path + "/state", 12345, 0)
    #expect(throws: exposed("/state", "it belongs to another user")) { try directory.checkDirectory() }
  }

  @Test func foldersAlongALinkAreChecked() throws {
    try directory.create()
    try folder.link("link", to: directory.path)
    let linked = VaultDirectory(path: folder.path + "/link")
    try linked.checkDirectory()
    try folder.make("state", mode: 0o777)
    #expect(throws: exposed("/state", "other users can change it (mode 777)")) { try linked.checkDirectory() }
  }

  @Test func theVaultsOwnModeIsReported() throws {
    try directory.create()
    chmod(directory.path, 0o777)
    #expect(throws: VaultError.insecure(path: directory.path, reason: "other users can access it (mode 777)")) {
      try directory.checkDirectory()
    }
  }

  @Test func theErrorNamesTheRemedy() {
    let shown = VaultError.exposed(.init(path: "/srv", reason: "other users can change it (mode 777)")).userFacingError
    #expect(shown.message == "cannot trust /srv: other users can change it (mode 777)")
    #expect(shown.hints.count == 1)
    #expect(shown.exitCode == .vault)
  }
}
