extension Account {
  /// The account as the state file stores it.
  var json: JSON {
    func hex(_ bytes: [UInt8]?) -> JSON { .optional(bytes.map { Hex.encode($0) }) }
    func stored(_ verifier: Verifier?) -> JSON {
      verifier.map { ["verifyHash": hex($0.verifyHash), "wrapWrapKB": hex($0.wrapWrapKB)] } ?? .null
    }
    return [
      "uid": .string(uid), "email": .string(email), "saltEmail": .string(saltEmail),
      "secondaryEmails": .strings(secondaryEmails), "kB": hex(kB), "kA": hex(kA),
      "keysChangedAt": .int(keysChangedAt), "generation": .int(generation), "authSalt": hex(authSalt),
      "scryptRounds": .int(scryptRounds),
      "verifier": stored(verifier), "verifierV2": stored(verifierV2), "clientSalt": .optional(clientSalt),
      "emailVerified": .bool(emailVerified), "mustReset": .bool(mustReset), "hasPassword": .bool(hasPassword),
      "locked": .bool(locked), "totpSecret": hex(totpSecret), "recoveryCodes": .strings(recoveryCodes),
    ]
  }

  /// Parses an account of the state file; nil if a required member is missing.
  convenience init?(_ json: JSON) {
    func hex(_ value: JSON?) -> [UInt8]? { value?.text.flatMap(Hex.decode) }
    func stored(_ value: JSON?) -> Verifier? {
      guard let hash = hex(value?["verifyHash"]), let wrap = hex(value?["wrapWrapKB"]) else { return nil }
      return Verifier(verifyHash: hash, wrapWrapKB: wrap)
    }
    guard let uid = json["uid"]?.text, let email = json["email"]?.text, let kB = hex(json["kB"]),
      let kA = hex(json["kA"]), let authSalt = hex(json["authSalt"])
    else { return nil }
    self.init(
      uid: uid, email: email, kB: kB, keysChangedAt: json["keysChangedAt"]?.int ?? 0,
      generation: json["generation"]?.int ?? 0)
    saltEmail = json["saltEmail"]?.text ?? email
    self.kA = kA
    self.authSalt = authSalt
    scryptRounds = json["scryptRounds"]?.int ?? scryptRounds
    verifier = stored(json["verifier"])
    verifierV2 = stored(json["verifierV2"])
    clientSalt = json["clientSalt"]?.text
    totpSecret = hex(json["totpSecret"])
    change(json)
  }

  /// Changes the members that a test may set.
  func change(_ json: JSON) {
    secondaryEmails = json["secondaryEmails"]?.list?.compactMap(\.text) ?? secondaryEmails
    recoveryCodes = json["recoveryCodes"]?.list?.compactMap(\.text) ?? recoveryCodes
    emailVerified = json["emailVerified"]?.bool ?? emailVerified
    mustReset = json["mustReset"]?.bool ?? mustReset
    hasPassword = json["hasPassword"]?.bool ?? hasPassword
    locked = json["locked"]?.bool ?? locked
  }
}
