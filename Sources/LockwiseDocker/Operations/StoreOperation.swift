import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// The command `store`, which saves a login that a registry has accepted.
struct StoreOperation {
  let helper: DockerHelper
  let credentials: DockerCredentials

  /// Saves the login in place of the one that docker stored before for this server URL.
  ///
  /// - Throws: `LoginRecordError` if Firefox would refuse the login; `VaultError`, `PromptError` or `CryptoError` if the
  ///   vault cannot be used.
  func perform() throws {
    guard let origin = credentials.server.origin else { throw DockerCredentials.Malformed.badServerURL }
    guard let vault = try helper.vault(.writing, for: "docker saves a login for \(origin.serialized)") else {
      throw VaultError.missing(directory: helper.context.directory.path)
    }
    let logins = try helper.logins(of: credentials.server, in: vault)
    let member = DockerMember(serverURL: credentials.server.text)
    let present = logins.first { $0.username.isSameText(as: credentials.username) }
    // docker has one login for a server URL. Those of other users are replaced, as in its other helpers.
    let replaced = logins.filter { $0.docker != nil && !$0.username.isSameText(as: credentials.username) }.map(\.guid)
    let memory = try vault.gitMemory()
    let refusal = try present.map { try vault.refusal(of: $0, by: origin) }.flatMap { digest in
      memory.isRefused(digest, now: helper.context.now) ? digest : nil
    }
    let changes = present.map { login in
      var changes = login.changes(to: member)
      if login.password != credentials.secret { changes.password = credentials.secret }
      return changes
    }
    let isChanged = changes.map { $0.password != nil || !$0.members.isEmpty } ?? true
    guard isChanged || !replaced.isEmpty || refusal != nil else { return }
    try helper.context.change(in: vault, uploads: isChanged || !replaced.isEmpty) { editor in
      for guid in replaced where try editor.login(guid: guid) != nil { try editor.delete(guid: guid) }
      if let present, let changes, try editor.login(guid: present.guid) != nil {
        if isChanged { try editor.change(guid: present.guid, changes) }
      } else {
        try editor.add(draft(origin, member))
      }
      if let refusal { try editor.changeGitMemory { $0.removeRefusal(refusal) } }
    }
  }

  private func draft(_ origin: Origin, _ member: DockerMember) -> LoginDraft {
    var draft = LoginDraft(
      origin: origin.serialized, target: .realm(credentials.server.realm), username: credentials.username,
      password: credentials.secret)
    draft.set(member)
    return draft
  }
}
