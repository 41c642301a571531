import Foundation

/// One account of the accounts server.
final class Account {
  /// What is stored for one version of client-side stretching.
  struct Verifier {
    let verifyHash: [UInt8]
    let wrapWrapKB: [UInt8]
  }

  /// 32 hex digits.
  let uid: String
  /// The primary address today.
  var email: String
  /// The address the account was created with: version 1 stretching is salted with it, letter case and all.
  var saltEmail: String
  /// Other confirmed addresses.
  var secondaryEmails: [String] = []
  /// Kept by the sandbox, so that it can write records as another client of the account would.
  var kB: [UInt8]
  var kA: [UInt8]
  /// Milliseconds.
  var keysChangedAt: Int
  /// Grows with every change of the password; milliseconds.
  var generation: Int
  var authSalt: [UInt8]
  /// N of scrypt for this account's password.
  var scryptRounds = PasswordVerifier.usualRounds
  var verifier: Verifier?
  var verifierV2: Verifier?
  /// Salt of version 2 stretching, as text; nil for an account on version 1.
  var clientSalt: String?
  var emailVerified = true
  /// Error 126: the password must be reset first.
  var mustReset = false
  /// Error 210: the account came from a third-party sign-in and has no password.
  var hasPassword = true
  /// `verificationReason: change_password`.
  var locked = false
  var totpSecret: [UInt8]?
  /// Unused ones.
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

  /// Sets the password, wrapping the same kB again.
  ///
  /// - Throws: when a key derivation fails.
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

  /// wrap(kB) for the right authPW, and the stretching version that it belongs to; nil for a wrong one.
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

  var syncKey: SyncKey { SyncKey(kB: kB) }

  /// The oldsync key id.
  var keyID: String { syncKey.keyID(changedAt: keysChangedAt) }

  func owns(_ address: String) -> Bool { address.lowercased() == email.lowercased() || isSecondary(address) }

  func isSecondary(_ address: String) -> Bool {
    let address = address.lowercased()
    guard address != email.lowercased() else { return false }
    return address == saltEmail.lowercased() || secondaryEmails.contains { $0.lowercased() == address }
  }
}
