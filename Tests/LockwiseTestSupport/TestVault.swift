import Foundation
import LockwiseCore

/// A vault in a temporary directory that is removed on release.
package final class TestVault {
  /// The lowest scrypt cost that RFC 7914 allows.
  package static let cost = Scrypt.Parameters(cost: 2, blockSize: 1, parallelism: 1)
  package static let passphrase = SecretBytes(utf8: "correct horse")

  package let directory: VaultDirectory
  package let vault: Vault

  package init(logins: Int = 0) throws {
    directory = TestVault.freshDirectory()
    vault = try VaultFile.create(
      in: directory,
      slots: [NewKeySlot(source: .passphrase, credential: Self.passphrase, cost: Self.cost)],
      documents: [.account: SecretBytes(utf8: #"{"email":"a@example.org"}"#)], random: SystemRandom())
    if logins > 0 {
      let update = try vault.beginMirrorUpdate()
      for number in 0..<logins { try update.store(Self.login(number)) }
      try update.commit()
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: directory.path) }

  package static func freshDirectory() -> VaultDirectory {
    VaultDirectory(
      path: FileManager.default.temporaryDirectory.appendingPathComponent("lockwise-\(UUID().uuidString)")
        .path)
  }

  package static func login(
    _ number: Int, password: String? = nil, origin: String? = nil, realm: String? = "r"
  ) throws -> LoginRecord {
    let json = LoginJSON(
      "{guid-\(number)}", origin: origin ?? "https://host\(number).example", realm: realm,
      form: realm == nil ? "" : nil, username: "user\(number)", password: password ?? "password \(number)",
      more: ["timeCreated": "\(1_700_000_000_000 + number)", "somethingUnknown": "[1.50, null]"])
    return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "{guid-\(number)}")
  }

  package func reopen(_ access: VaultFile.Access = .reading) throws -> Vault {
    let file = try VaultFile(in: directory, access: access)
    return try file.unlock(file.slots()[0], with: Self.passphrase)
  }

  package func passwords(at origin: String) throws -> [String] {
    guard let origin = Origin(origin) else { return [] }
    return try reopen().logins(at: origin).compactMap { $0.password.exposedText() }.sorted()
  }
}
