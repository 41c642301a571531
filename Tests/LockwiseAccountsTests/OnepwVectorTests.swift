import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// Stretching, tokens and key bundles, compared with published vectors.
@Suite struct OnepwVectorTests {
  private func check(_ name: String, _ stretching: PasswordStretching) throws {
    let vector = try TestVectors.named(name)
    let password = SecretBytes(utf8: vector.input("password"))
    if vector.expected["quickStretchedPW"] != nil {
      #expect(
        try stretching.quickStretch(password) == SecretBytes(hex: vector.output("quickStretchedPW")),
        "\(name)")
    }
    let stretched = try stretching.stretch(password)
    if vector.expected["authPW"] != nil {
      #expect(stretched.authPW == SecretBytes(hex: vector.output("authPW")), "\(name)")
      #expect(stretched.unwrapBKey == SecretBytes(hex: vector.output("unwrapBKey")), "\(name)")
    }
  }

  @Test(arguments: ["onepw-v1-andre", "onepw-v1-pyfxa-dummy"])
  func stretchesByVersion1(_ name: String) throws {
    try check(name, .v1(email: TestVectors.named(name).input("email")))
  }

  @Test(arguments: ["onepw-v2-fxa-auth-client", "onepw-v2-pyfxa-dummy", "onepw-v2-pyfxa-andre"])
  func stretchesByVersion2(_ name: String) throws {
    try check(name, .v2(salt: ClientSalt(TestVectors.named(name).input("clientSalt"))))
  }

  @Test(
    "A salt of any other form is refused",
    arguments: [
      "", "0123456789abcdef0123456789abcdef",
      "identity.mozilla.com/picl/v1/quickStretch:victim@example.org",
      "identity.mozilla.com/picl/v1/quickStretchV2:",
      "identity.mozilla.com/picl/v1/quickStretchV2:0123456789abcdef0123456789abcde",
      "identity.mozilla.com/picl/v1/quickStretchV2:0123456789abcdef0123456789abcdef0",
      "identity.mozilla.com/picl/v1/quickStretchV2:0123456789abcdef0123456789abcdeg",
      "identity.mozilla.com/picl/v1/quickStretchV2:0123456789ABCDEF0123456789ABCDEF",
      " identity.mozilla.com/picl/v1/quickStretchV2:0123456789abcdef0123456789abcdef",
      "identity.mozilla.com/picl/v1/quickStretchV2:0123456789abcdef0123456789abcde\u{301}",
    ])
  func refusesAnotherFormOfSalt(_ text: String) {
    #expect(throws: AccountsError.refusedClientSalt) { try ClientSalt(text) }
  }

  @Test(arguments: [
    "token-bearer-sessionToken", "token-bearer-keyFetchToken", "token-bearer-accountResetToken",
    "token-bearer-passwordForgotToken", "token-bearer-passwordChangeToken", "token-session-hawkkey",
    "token-bearer-appservices", "token-keyfetch", "token-accountreset",
  ])
  func derivesTokens(_ name: String) throws {
    let vector = try TestVectors.named(name)
    let kindName = String(vector.input("hkdfInfo").dropFirst(Onepw.namespace.count))
    let kind = try #require(AccountToken.Kind(rawValue: kindName), "\(name)")
    let token = try #require(
      try AccountToken(kind, hex: SecretBytes(utf8: vector.input("token"))), "\(name)")
    let parts = ["id": token.id, "hawkKey": token.hawkKey, "bundleKey": token.bundleKey]
    for (key, part) in parts where vector.expected[key] != nil {
      #expect(part == SecretBytes(hex: vector.output(key)), "\(name) \(key)")
    }
    if vector.expected["authorizationHeader"] != nil {
      #expect(token.authorization.exposedText() == vector.output("authorizationHeader"), "\(name)")
    }
  }

  @Test(
    "An invalid token is refused", arguments: ["", "00", String(repeating: "0", count: 63) + "g"])
  func refusesInvalidTokens(_ text: String) throws {
    #expect(try AccountToken(.session, hex: SecretBytes(utf8: text)) == nil)
  }

  @Test func opensABundleOfTheServer() throws {
    let vector = try TestVectors.named("account-keys-bundle")
    let bundle = try KeyBundle(
      SecretBytes(hex: vector.output("bundle")), bundleKey: SecretBytes(hex: vector.input("bundleKey")))
    #expect(bundle.kA == SecretBytes(hex: vector.input("kA")))
    #expect(bundle.wrapKB == SecretBytes(hex: vector.input("wrapKB")))
  }

  @Test func opensThePublishedBundle() throws {
    let vector = try TestVectors.named("account-keys-unbundle")
    let bundle = try KeyBundle(
      SecretBytes(hex: vector.input("bundle")), bundleKey: SecretBytes(hex: vector.input("bundleKey")))
    #expect(bundle.kA == SecretBytes(hex: vector.output("kA")))
    #expect(bundle.wrapKB == SecretBytes(hex: vector.output("wrapKB")))
  }

  @Test("A bundle with any byte changed, or of another length, is refused")
  func refusesATamperedBundle() throws {
    let vector = try TestVectors.named("account-keys-unbundle")
    let good = try #require(Hex.decode(vector.input("bundle")))
    let key = SecretBytes(hex: vector.input("bundleKey"))
    for index in good.indices {
      var bad = good
      bad[index] ^= 1 << UInt8(index % 8)
      #expect(throws: AccountsError.tamperedKeyBundle) {
        try KeyBundle(SecretBytes(copying: bad), bundleKey: key)
      }
    }
    for bad in [[], Array(good.dropLast()), good + [0]] {
      #expect(throws: AccountsError.tamperedKeyBundle) {
        try KeyBundle(SecretBytes(copying: bad), bundleKey: key)
      }
    }
  }

  @Test func unwrapsKB() throws {
    let vector = try TestVectors.named("onepw-kb")
    let kB = try SecretBytes.xor(
      SecretBytes(hex: vector.input("wrapKB")), SecretBytes(hex: vector.input("unwrapBKey")))
    #expect(kB == SecretBytes(hex: vector.output("kB")))
  }
}
