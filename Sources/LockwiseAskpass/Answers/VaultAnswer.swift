import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// Answers a question from the vault, each process and question once.
struct VaultAnswer {
  /// The most bytes that ssh and sudo read (OpenSSH's `readpass.c`, sudo's `tgetpass.c`).
  static let limit = 1023

  /// The question.
  let context: PromptContext
  /// The vault.
  let vault: Vault
  /// The secrets given lately.
  let log: TryLog

  /// Returns the answer, which the process has not got before.
  ///
  /// - Throws: `Unanswered`; `VaultError` or `CryptoError` if the vault cannot be used; `UserFacingError` if the try
  ///   cannot be recorded.
  func perform() throws -> SecretBytes {
    let identity = try context.identity(in: vault)
    if let identity, try SavedLogin(context: context, vault: vault).undo(identity) { throw Unanswered.repeated }
    let earlier = identity.flatMap { log.login(for: $0) }
    let found = try LoginSearch(context: context, vault: vault).perform()
    if let earlier {
      try refuse(earlier, found)
      throw Unanswered.repeated
    }
    guard let login = found.logins.first else {
      throw found.refusedUntil.map { Unanswered.refused(until: $0) } ?? .noLogin
    }
    if case .gitUserName = context.question { return try Self.checked(SecretBytes(utf8: login.username)) }
    let secret = try Self.checked(login.password)
    if let identity {
      try log.record(question: identity, login: vault.refusal(of: login, by: found.destination.origin))
    }
    return secret
  }

  /// Records that the secret given for this question was wrong.
  ///
  /// - Returns: whether one was given.
  /// - Throws: as `perform`.
  func refuse() throws -> Bool {
    guard let identity = try context.identity(in: vault), let earlier = log.login(for: identity) else { return false }
    try refuse(earlier, LoginSearch(context: context, vault: vault).perform())
    return true
  }

  /// Records that a login was rejected.
  ///
  /// - Parameter given: the digest of the login and the secret that was given.
  private func refuse(_ given: [UInt8], _ found: LoginSearch.Result) throws {
    let origin = found.destination.origin
    let login = try found.logins.first { KeyedDigest.isSame(try vault.refusal(of: $0, by: origin), given) }
    let span = found.destination.git.refusedFor
    guard let login, span > 0 else { return }
    let now = context.helper.now
    let refusal = GitMemory.Refusal(
      digest: given, guid: login.guid, origin: origin.serialized, since: now, until: now + span)
    try context.helper.writableVault().changeGitMemory { $0.recordRefusal(refusal) }
  }

  /// Returns a secret that every program reads whole.
  ///
  /// - Throws: `Unanswered.unsuitable` for any other.
  static func checked(_ secret: SecretBytes) throws -> SecretBytes {
    let isSuitable =
      (1...limit).contains(secret.count)
      && secret.withUnsafeBytes { !$0.contains { $0 == 0 || $0 == 0x0A || $0 == 0x0D } }
    guard isSuitable else { throw Unanswered.unsuitable }
    return secret
  }
}
