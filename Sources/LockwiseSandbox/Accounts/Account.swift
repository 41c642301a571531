import Foundation

/// An account of the accounts server.
final class Account {
  /// The stored values for one version of client-side stretching.
  struct Verifier {
    let verifyHash: [UInt8]
    let wrapWrapKB: [UInt8]
  }

  /// The id of the account, 32 hex digits.
  let uid: String
  /// The primary address.
  var email: String
  /// The address that the account was created with, the salt of version 1 stretching, in its original letter case.
  var saltEmail: String
  /// The other confirmed addresses.
  var secondaryEmails: [String] = []
  /// The class B key. The sandbox keeps it to write records as another client of the account.
  var kB: [UInt8]
  var kA: [UInt8]
  /// The time of the last change of keys, in milliseconds.
  var keysChangedAt: Int
  /// The time of the last change of the password, in milliseconds.
  var generation: Int
  var authSalt: [UInt8]
  /// The scrypt parameter N for this account's password.
  var scryptRounds = PasswordVerifier.defaultRounds
  var verifier: Verifier?
  var verifierV2: Verifier?
  /// The salt of version 2 stretching, as text; nil for an account on version 1.
  var clientSalt: String?
  var emailVerified = true
  /// Whether the password must be reset before a sign-in (error 126).
  var mustReset = false
  /// Whether the account has a password. One from a third-party sign-in has none (error 210).
  var hasPassword = true
  /// Whether a sign-in is verified with `verificationReason: change_password`.
  var locked = false
  var totpSecret: [UInt8]?
  /// The unused recovery codes.
  var recoveryCodes: [String] = []

  init(uid: String, email: String, kB: [UInt8], keysChangedAt: Int, generation: Int) {
    self.uid = uid
    self.email = email
    saltEmail = email
    self.kB = kB
    kA = Derive.random(32)
    self.keysChangedAt = keysChangedAt
    self.generation = generation
    authSalt = Derive.random(32)
  }

  /// Sets the password and wraps the same kB with it.
  ///
  /// - Throws: an error if a key derivation fails.
  func setPassword(_ password: String, version2: Bool) throws {
    authSalt = Derive.random(32)
    func verifier(_ stretch: PasswordStretch) throws -> Verifier {
      let server = try PasswordVerifierCache.verifier(
        authPW: stretch.authPW, authSalt: authSalt, rounds: scryptRounds)
      let wrapKB = Derive.xor(kB, stretch.unwrapBKey)
      return Verifier(verifyHash: server.verifyHash, wrapWrapKB: Derive.xor(wrapKB, server.wrapwrapKey))
    }
    self.verifier = try verifier(PasswordStretch(email: saltEmail, password: password))
    clientSalt = version2 ? PasswordStretch.saltPrefixV2 + Hex.encode(Derive.random(16)) : nil
    verifierV2 = try clientSalt.map { try verifier(PasswordStretch(clientSalt: $0, password: password)) }
  }

  /// Returns wrap(kB) and the version of stretching for the right authPW; nil for a wrong one.
  ///
  /// - Throws: an error if a key derivation fails.
  func unlock(authPW: [UInt8], allowV1: Bool) throws -> (
    wrapKB: [UInt8], version: Int
  )? {
    let server = try PasswordVerifierCache.verifier(authPW: authPW, authSalt: authSalt, rounds: scryptRounds)
    for (verifier, version) in [(verifierV2, 2), (verifier, 1)]
    where version == 2 || allowV1 || clientSalt == nil {
      guard let verifier, Derive.equal(verifier.verifyHash, server.verifyHash) else { continue }
      return (Derive.xor(verifier.wrapWrapKB, server.wrapwrapKey), version)
    }
    return nil
  }

  /// The keys of Sync.
  var syncKey: SyncKey { SyncKey(kB: kB) }

  /// The key id of the Sync key.
  var keyID: String { syncKey.keyID(changedAt: keysChangedAt) }

  /// Returns whether the account has an address, whatever the letter case.
  func owns(_ address: String) -> Bool { address.lowercased() == email.lowercased() || isSecondary(address) }

  /// Returns whether the account has an address that is not its primary one.
  func isSecondary(_ address: String) -> Bool {
    let address = address.lowercased()
    guard address != email.lowercased() else { return false }
    return address == saltEmail.lowercased() || secondaryEmails.contains { $0.lowercased() == address }
  }
}
