import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts
@testable import LockwiseHostSupport

/// The effect of a sign-in through Firefox's session on that session and its device, on a server with Mozilla's rules.
@Suite(.serialized) struct FirefoxDeviceTests {
  private static let email = "ada@example.test"
  private static let password = SecretBytes(utf8: "correct horse")

  private let sandbox: SandboxProcess
  private let transport: CurlTransport
  private let servers: ServerConfiguration
  private let client: AccountsClient

  init() throws {
    sandbox = try SandboxProcess.ofBuild()
    transport = try CurlTransport(userAgent: "lockwise/test")
    servers = try ServerConfiguration.discover(contentRoot: sandbox.url, transport: transport)
    client = AccountsClient(servers: servers, transport: transport)
    try sandbox.post("account", #"{"create":"\#(Self.email)","password":"correct horse"}"#)
  }

  /// A session with a device record, like Firefox's.
  private struct Browser {
    let session: AccountToken
    let device: String
    let account: FirefoxAccount
    let key: ScopedKey
  }

  private func signFirefoxIn() throws -> Browser {
    let login = try client.login(email: Self.email, password: Self.password)
    let kB = try client.keys(login.keyFetch).unwrap(with: login.unwrapBKey)
    let rotation = try client.scopedKeyData(
      login.session, clientID: "5882386c6d801776", scope: ScopedKey.oldSyncScope)
    let text = """
      {"version":1,"accountData":{"email":"\(Self.email)","uid":"\(login.uid)","verified":true,\
      "sessionToken":"\(login.session.hex.exposedText() ?? "")"}}
      """
    let object = try #require(try JSONValue(parsing: SecretBytes(utf8: text)).object)
    return Browser(
      session: login.session,
      device: try client.registerDevice(name: "Firefox on a desk", authorization: login.session.authorization),
      account: try #require(try FirefoxAccount(object)),
      key: try ScopedKey.oldSync(kB: kB, timestamp: rotation.timestamp))
  }

  private func names(_ browser: Browser) throws -> [String: String] {
    let devices = try client.devices(authorization: browser.session.authorization)
    return Dictionary(devices.map { ($0.id, $0.name) }) { $1 }
  }

  private func signIn(_ browser: Browser) throws -> SignedInAccount {
    let outcome = try FirefoxSignIn(servers: servers, transport: transport).signIn(browser.account, key: browser.key)
    #expect(outcome.sessionLeftOver == nil)
    let completed = try SignInCompletion(transport: transport).complete(outcome, deviceName: "lockwise on a desk")
    #expect(completed.deviceProblem == nil)
    return completed.account
  }

  @Test("Sign-in and sign-out leave Firefox's session and device unchanged")
  func leavesFirefoxsSessionAndDevice() throws {
    let firefox = try signFirefoxIn()
    let before = try names(firefox)
    #expect(before == [firefox.device: "Firefox on a desk"])
    let account = try signIn(firefox)
    let own = try #require(account.deviceID)
    #expect(try names(firefox) == [firefox.device: "Firefox on a desk", own: "lockwise on a desk"])
    #expect(try sandbox.tokenCounts(Self.email) == [1, 1, 0])
    #expect(SignOut(transport: transport).signOut(account).isEmpty)
    #expect(try names(firefox) == before)
    #expect(try client.isVerified(firefox.session))
    #expect(try sandbox.tokenCounts(Self.email) == [1, 0, 0])
  }

  @Test("The sign-in stays when Firefox signs out") func staysSignedInWhenFirefoxSignsOut() throws {
    let firefox = try signFirefoxIn()
    let account = try signIn(firefox)
    try client.destroyDevice(id: firefox.device, authorization: firefox.session.authorization)
    #expect(throws: AccountsError.self) { try client.isVerified(firefox.session) }
    let devices = try AccountDevices(transport: transport).list(of: account)
    #expect(devices.map(\.name) == ["lockwise on a desk"] && devices.first?.isCurrent == true)
  }

  /// An older sign-in, where Firefox's own session requested the token.
  @Test("A vault from an older sign-in never destroys a device") func neverDestroysADeviceOfAnOldVault() throws {
    let firefox = try signFirefoxIn()
    let tokens = try client.grantRefreshToken(
      firefox.session, clientID: "a2270f727f45f648", scope: ScopedKey.oldSyncScope)
    var account = SignedInAccount(
      email: Self.email, uid: firefox.account.uid, servers: servers, clientID: "a2270f727f45f648",
      refreshToken: tokens.refreshToken, syncKey: firefox.key)
    account.deviceID = try client.registerDevice(name: "lockwise", authorization: account.authorization)
    // The rule that made this wrong.
    #expect(account.deviceID == firefox.device)
    let old = try #require(account.document().exposedText()).replacing("ownDevice", with: "deviceID")
    let loaded = try SignedInAccount(document: SecretBytes(utf8: old))
    #expect(SignOut(transport: transport).signOut(loaded).isEmpty)
    #expect(try client.isVerified(firefox.session))
    #expect(try names(firefox).keys.contains(firefox.device))
    #expect(try sandbox.tokenCounts(Self.email) == [1, 0, 0])
  }
}
