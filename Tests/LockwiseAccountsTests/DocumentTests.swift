import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The stored documents, written and read.
@Suite struct DocumentTests {
  @Test func storesAnAccount() throws {
    var account = try Sample.account()
    account.deviceID = "0123456789abcdef0123456789abcdef"
    let documents = MemoryDocuments()
    documents.texts = [.account: account.document()]
    let loaded = try #require(try SignedInAccount.load(from: documents))
    #expect(loaded.email == account.email)
    #expect(loaded.uid == account.uid)
    #expect(loaded.servers == account.servers)
    guard case .refreshToken(let token, let clientID) = loaded.grant else {
      Issue.record("another grant")
      return
    }
    #expect(token.exposedText() == "refresh")
    #expect(clientID == OAuthClientIDs.withSession.first)
    #expect(loaded.syncKey == account.syncKey)
    #expect(loaded.deviceID == account.deviceID)
    let unnamed = SignedInAccount(
      email: nil, uid: account.uid, servers: account.servers, grant: account.grant, syncKey: account.syncKey)
    #expect(try SignedInAccount(document: unnamed.document()).email == nil && unnamed.name == account.uid)
    #expect(unnamed.known(as: account).email == account.email)
    #expect(account.known(as: unnamed).email == account.email)
    documents.texts = [.account: try Sample.account().document()]
    #expect(try SignedInAccount.load(from: documents)?.deviceID == nil)
    #expect(try SignedInAccount.load(from: MemoryDocuments()) == nil)
  }

  @Test func ignoresAnAccessTokenFromTheFuture() throws {
    let text = SecretBytes(utf8: "access")
    let token = try AccessToken(
      document: AccessToken(token: text, expires: Sample.now + 3_600_000, obtained: Sample.now).document())
    #expect(token.isFresh(at: Sample.now) && token.isFresh(at: Sample.now - 30_000))
    #expect(token.isFresh(at: Sample.now + 3_540_000) && !token.isFresh(at: Sample.now + 3_540_001))
    #expect(!token.isFresh(at: Sample.now - 61_000))
    #expect(try AccessToken(document: AccessToken(token: text, expires: .max).document()).isFresh(at: Sample.now))
  }

  @Test func storesCredentials() throws {
    let answer = try TokenServerClient.parse(
      HTTPResponse(
        status: 200, headers: [("x-timestamp", "1")], body: SecretBytes(utf8: Sample.credentials)),
      now: Sample.now)
    let loaded = try StorageCredentials(document: answer.credentials.document())
    #expect(loaded.document() == answer.credentials.document())
    #expect(loaded.key.exposedText() == "aGF3ay1rZXk=")
    #expect(loaded.clockOffset == 1000 - Sample.now)
  }

  @Test("A document with any invalid member is refused") func refusesDamagedDocuments() throws {
    let account = try #require(try Sample.account().document().exposedText())
    for name in [
      "version", "email", "uid", "clientID", "refreshToken", "contentRoot", "tokenServer", "syncKey",
      "syncKeyID",
    ] {
      let text = account.replacing("\"\(name)\":", with: "\"x\":")
      #expect(throws: DocumentError(name: .account)) {
        try SignedInAccount(document: SecretBytes(utf8: text))
      }
    }
    for (good, bad) in [
      ("https://auth.test", "http://auth.test"), ("\"version\":1", "\"version\":2"), (Sample.kid, "1-x"),
    ] {
      #expect(throws: DocumentError(name: .account)) {
        try SignedInAccount(document: SecretBytes(utf8: account.replacing(good, with: bad)))
      }
    }
    for text in ["", "{", "[]", "null", "{}"] {
      #expect(throws: DocumentError(name: .account)) {
        try SignedInAccount(document: SecretBytes(utf8: text))
      }
      #expect(throws: DocumentError(name: .accessToken)) {
        try AccessToken(document: SecretBytes(utf8: text))
      }
      #expect(throws: DocumentError(name: .storageToken)) {
        try StorageCredentials(document: SecretBytes(utf8: text))
      }
    }
  }
}

extension SignedInAccount: Equatable {
  /// Whether the two have the same document.
  public static func == (left: SignedInAccount, right: SignedInAccount) -> Bool {
    left.document() == right.document()
  }
}
