import Glibc
import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// One run of the credential helper for docker and the programs that share its protocol.
struct DockerHelper {
  /// The programs that run the helper.
  private static let hosts: Set = [
    "docker", "dockerd", "docker-compose", "docker-buildx", "podman", "buildah", "skopeo", "helm", "nerdctl",
  ]

  /// The environment, clock, messages and vault of the run.
  let context: HelperContext

  /// Creates a helper.
  ///
  /// - Parameter push: starts an upload; `lockwise-sync push` if not given.
  init(
    configuration: Configuration, diagnostics: Diagnostics, directory: VaultDirectory,
    clock: @escaping () -> Milliseconds, push: (() -> Void)? = nil
  ) {
    context = HelperContext(
      configuration: configuration, diagnostics: diagnostics, directory: directory, purpose: UnlockPurpose("docker"),
      clock: clock, permitted: .anywhere,
      command: { .topmost(from: Int(getppid()), where: { Self.hosts.contains($0) }) }, push: push)
  }

  /// Returns the vault, which the user may be asked to unlock; `nil` if there is none.
  ///
  /// - Parameter purpose: the clause that prompts show.
  /// - Throws: `VaultError`; `PromptError`.
  func vault(_ access: VaultFile.Access, for purpose: String) throws -> Vault? {
    do {
      let vault = try context.unlocker.unlock(
        VaultFile(in: context.directory, access: access), for: UnlockPurpose(purpose),
        prompting: context.gate.scope())
      if context.unlocker.hasUnkeptKeys { context.gate.recordUnkept(isAnswered: true) }
      return vault
    } catch VaultError.missing {
      return nil
    } catch PromptError.cancelled {
      context.gate.recordDeclined(wasCancelled: true)
      throw PromptError.cancelled
    } catch VaultError.wrongKey {
      context.gate.recordDeclined(wasCancelled: false)
      throw VaultError.wrongKey
    }
  }

  /// Returns the logins that docker may have stored for a server URL: those with its origin and realm.
  ///
  /// - Throws: `VaultError` if the vault cannot be used.
  func logins(of server: ServerURL, in vault: Vault) throws -> [LoginRecord] {
    guard let origin = server.origin else { return [] }
    return try vault.logins(at: origin).filter { $0.httpRealm?.isSameText(as: server.realm) == true }
  }

  /// The origins whose logins are valid for `origin` as well, by the user's setting `alias`.
  func aliases(of origin: Origin) -> [Origin] {
    HostAlias.list(context.configuration["LOCKWISE_ALIAS"] ?? "").filter { $0.from == origin }.map(\.to)
  }
}
