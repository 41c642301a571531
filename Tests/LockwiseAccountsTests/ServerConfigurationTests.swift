import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// Discovery.
@Suite struct ServerConfigurationTests {
  private func document(
    auth: String = "https://auth.test", token: String = "https://token.test"
  ) -> String {
    """
    {"auth_server_base_url":"\(auth)","oauth_server_base_url":"https://oauth.test/v1",\
    "profile_server_base_url":"https://profile.test/","sync_tokenserver_base_url":"\(token)",\
    "pairing_server_base_uri":"wss://pairing.test"}
    """
  }

  private func discovery(_ root: String, _ answer: String, status: Int = 200) -> ScriptedTransport {
    ScriptedTransport([
      Exchange(
        method: "GET", url: root + "/.well-known/fxa-client-configuration",
        headers: ["Accept: application/json"], body: nil,
        answer: .success(HTTPResponse(status: status, headers: [], body: SecretBytes(utf8: answer))))
    ])
  }

  @Test func readsTheDocument() throws {
    let transport = discovery("https://accounts.firefox.com", document())
    let servers = try ServerConfiguration.discover(transport: transport)
    #expect(servers.contentRoot == "https://accounts.firefox.com")
    #expect(servers.authServer == "https://auth.test")
    #expect(servers.oauthServer == "https://oauth.test")
    #expect(servers.profileServer == "https://profile.test")
    #expect(servers.tokenServer == "https://token.test")
    transport.finish()
  }

  @Test(arguments: [
    "https://auth.test", "https://auth.test/", "https://auth.test/v1", "https://auth.test/v1/",
  ])
  func acceptsSuffixesOfTheAuthServer(_ auth: String) throws {
    let transport = discovery("https://content.test", document(auth: auth))
    let servers = try ServerConfiguration.discover(contentRoot: "https://content.test/", transport: transport)
    #expect(servers.authServer == "https://auth.test")
  }

  @Test(arguments: [
    "https://t.test/sync", "https://t.test/sync/1.0/sync/1.5", "https://t.test/sync/1.0/sync/1.5/",
  ])
  func acceptsSuffixesOfTheTokenServer(_ token: String) throws {
    let transport = discovery("http://127.0.0.1:5000", document(token: token))
    let servers = try ServerConfiguration.discover(contentRoot: "http://127.0.0.1:5000", transport: transport)
    #expect(servers.tokenServer == "https://t.test/sync")
  }

  @Test("A forbidden address is refused in any member")
  func refusesInsecureAddresses() throws {
    #expect(throws: HTTPError.self) {
      try ServerConfiguration.discover(contentRoot: "http://content.test", transport: ScriptedTransport([]))
    }
    for bad in ["http://auth.test", "https://user@auth.test", "auth.test", "https://auth.test/?a=b"] {
      #expect(throws: HTTPError.self) {
        try ServerConfiguration.discover(
          contentRoot: "https://content.test",
          transport: discovery("https://content.test", document(auth: bad)))
      }
    }
  }

  @Test(arguments: [(404, "<html>"), (200, "<html>"), (200, "[]"), (302, ""), (500, "{}")])
  func reportsAServerWithoutDiscovery(status: Int, body: String) {
    #expect(throws: AccountsError.noDiscovery(status: status)) {
      try ServerConfiguration.discover(
        contentRoot: "https://content.test", transport: ConstantTransport(status: status, body: body))
    }
  }

  @Test func reportsAMissingMember() {
    #expect(throws: AccountsError.missingField("auth_server_base_url", in: .discovery)) {
      try ServerConfiguration.discover(
        contentRoot: "https://content.test", transport: ConstantTransport(status: 200, body: "{}"))
    }
  }
}
