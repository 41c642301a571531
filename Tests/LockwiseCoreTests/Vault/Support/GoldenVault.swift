import Foundation
import LockwiseTestSupport

@testable import LockwiseCore

/// A vault from `Tests/Fixtures/vaults`, which an independent program made.
final class GoldenVault {
  /// The content of all vaults and the keys of each.
  struct Expected: Decodable {
    struct Vault: Decodable {
      let word: String
      let id: String
      let vaultKey: String
      let sealKey: String
      let tokenKey: String
      let originToken: String
      let bits: Int
    }

    struct Aside: Decodable {
      let id: String
      let reason: String
      let modified: Int64
    }

    let logins: [String: String]
    let documents: [String: String]
    let aside: [String: Aside]
    let vaults: [String: Vault]
    let command: String
  }

  static let names = ["passphrase", "key-file", "command"]

  let directory: VaultDirectory
  let expected: Expected
  let own: Expected.Vault

  /// Copies a vault to a temporary folder.
  init(_ name: String) throws {
    let folder = TestVectors.fixtures.appendingPathComponent("vaults")
    expected = try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: folder.appendingPathComponent("expected.json")))
    guard let own = expected.vaults[name] else { throw RawVault.Failure(message: "no vault \(name)") }
    self.own = own
    directory = TestVault.freshDirectory()
    try directory.create()
    _ = FileManager.default.createFile(
      atPath: directory.vaultFile, contents: try Data(contentsOf: folder.appendingPathComponent(name + ".db")),
      attributes: [.posixPermissions: 0o600])
  }

  deinit { try? FileManager.default.removeItem(atPath: directory.path) }

  /// The credential of the vault's only slot.
  var credential: SecretBytes {
    own.word.allSatisfy(\.isHexDigit) ? SecretBytes(copying: Hex.decode(own.word) ?? []) : SecretBytes(utf8: own.word)
  }

  /// Opens the vault with its slot.
  func unlock(_ access: VaultFile.Access = .reading) throws -> Vault {
    let file = try VaultFile(in: directory, access: access)
    return try file.unlock(file.slots()[0], with: credential)
  }
}
