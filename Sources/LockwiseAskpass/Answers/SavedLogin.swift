import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// A login that was saved before the program that asked could check its secret.
struct SavedLogin {
  /// The question of the program that got the secret.
  let context: PromptContext
  /// The vault.
  let vault: Vault

  /// Undoes what was saved for a process that asks the same question again, because the secret was wrong. A login that
  /// was changed meanwhile stays.
  ///
  /// - Parameter identity: the digest of the process and its question.
  /// - Returns: whether a login was saved for it.
  /// - Throws: `VaultError` if the vault cannot be written.
  func undo(_ identity: [UInt8]) throws -> Bool {
    guard let saved = try vault.askpassMemory().saved(for: identity) else { return false }
    try context.helper.change { editor in
      try editor.changeAskpassMemory { $0.removeSaved(for: identity) }
      guard let login = try editor.login(guid: saved.guid), let origin = Origin(login.origin),
        KeyedDigest.isSame(try vault.refusal(of: login, by: origin), saved.login)
      else { return }
      guard let previous = saved.previous else { return try editor.delete(guid: saved.guid) }
      var changes = LoginChanges()
      changes.password = previous
      try editor.change(guid: saved.guid, changes)
    }
    return true
  }

  /// Saves a secret for a destination: in the login that matches, whatever its user name is if any is accepted, else in
  /// a new one.
  ///
  /// - Parameters:
  ///   - secret: the secret.
  ///   - destination: the destination.
  ///   - identity: the digest of the process and its question, if the secret was not checked; `nil` if it is certain.
  /// - Returns: whether a login was changed, not added.
  /// - Throws: `VaultError` if the vault cannot be written; `LoginRecordError` if Firefox would refuse the login.
  @discardableResult
  static func save(
    _ secret: SecretBytes, for destination: Destination, identity: [UInt8]?, in vault: Vault, _ helper: HelperContext
  ) throws -> Bool {
    let known = try vault.logins(at: destination.origin).first {
      $0.httpRealm?.isSameText(as: destination.realm) == true
        && (destination.username.map($0.username.isSameText(as:)) ?? true)
    }
    try helper.change(now: helper.clock) { editor in
      let login: LoginRecord
      if let known {
        var changes = LoginChanges()
        changes.password = secret
        login = try editor.change(guid: known.guid, changes)
      } else {
        var draft = LoginDraft(
          origin: destination.origin.serialized, target: .realm(destination.realm),
          username: destination.newUsername, password: secret)
        if ["http", "https"].contains(destination.origin.scheme) {
          var git = GitMember()
          git.isCreated = true
          draft.set(git)
        }
        login = try editor.add(draft)
      }
      guard let identity else { return }
      let digest = try vault.refusal(of: login, by: destination.origin)
      try editor.changeAskpassMemory {
        $0.record(.init(question: identity, guid: login.guid, login: digest, previous: known?.password))
      }
    }
    return known != nil
  }
}
