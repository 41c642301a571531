import LockwiseCLI
import LockwiseCore

/// The command `erase`, which deletes what docker stored for a server URL.
struct EraseOperation {
  let helper: DockerHelper
  let server: ServerURL

  /// Deletes the logins. Deleting nothing is not a failure: `docker logout` erases three forms of one server URL.
  ///
  /// - Throws: `VaultError`, `PromptError` or `CryptoError` if the vault cannot be used.
  func perform() throws {
    guard let origin = server.origin, helper.context.directory.hasVault,
      let vault = try helper.vault(.writing, for: "docker logs out of \(origin.serialized)")
    else { return }
    let stored = try helper.logins(of: server, in: vault).filter { $0.docker != nil }.map(\.guid)
    guard !stored.isEmpty else { return }
    try helper.context.change(in: vault) { editor in
      for guid in stored where try editor.login(guid: guid) != nil { try editor.delete(guid: guid) }
    }
  }
}
