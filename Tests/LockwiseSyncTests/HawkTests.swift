import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSync

@Suite struct HawkTests {
  private func url(_ vector: TestVectors.Vector) -> String {
    "https://\(vector.input("host")):\(vector.integer("port"))\(vector.input("path"))"
  }

  private func normalized(_ vector: TestVectors.Vector, hash: String) throws -> String {
    Hawk.normalizedString(
      seconds: Seconds(Int64(vector.integer("ts"))), nonce: vector.input("nonce"), method: vector.input("method"),
      target: try RequestTarget(url: url(vector)), hash: hash, ext: vector.input("ext"))
  }

  @Test func signsThePublishedGET() throws {
    let vector = try TestVectors.named("hawk-get")
    let text = try normalized(vector, hash: vector.input("hash"))
    #expect(text == vector.output("normalized"), "hawk-get")
    #expect(
      try Hawk.mac(of: text, key: SecretBytes(utf8: vector.input("key"))) == vector.output("mac"), "hawk-get")
  }

  @Test func signsThePublishedPOST() throws {
    let vector = try TestVectors.named("hawk-post-payload")
    let text = try normalized(vector, hash: vector.output("hash"))
    #expect(
      try Hawk.mac(of: text, key: SecretBytes(utf8: vector.input("key"))) == vector.output("mac"),
      "hawk-post-payload")
  }

  /// The key is derived as at the token server.
  @Test(arguments: ["tokenlib-hawk-storage", "tokenlib-hawk-storage-query"])
  func signsWithTokenlibKeys(name: String) throws {
    let vector = try TestVectors.named(name)
    let secret = SecretBytes(utf8: vector.input("masterSecret"))
    let key = try HKDFSHA256.deriveKey(
      from: secret, salt: Array("2b307b".utf8),
      info: "services.mozilla.com/tokenlib/v1/derive/" + vector.input("tokenId"), count: 32)
    // 44 characters, with padding, and used as they are.
    let text = Base64.urlSafe.encode(key).exposedText().map { $0 + "=" } ?? ""
    let string = try normalized(vector, hash: vector.input("hash"))
    #expect(try Hawk.mac(of: string, key: SecretBytes(utf8: text)) == vector.output("mac"), "\(name)")
  }

  private func credentials(_ id: String = "id", offset: Milliseconds = 0) -> StorageCredentials {
    StorageCredentials(
      id: SecretBytes(utf8: id), key: SecretBytes(utf8: "key"), uid: 1, endpoint: "https://a", expires: .max,
      usableUntil: .max, clockOffset: offset)
  }

  @Test func usesTheServersClockAndANewNonce() throws {
    let random = FixedRandom(bytes: Array(0..<9))
    let header = try Hawk.authorization(
      method: "GET", url: "https://Node.Example/1.5/1/info/collections",
      credentials: credentials(offset: -5500),
      now: 1_700_000_005_999, random: random)
    let text =
      "hawk.1.header\n1700000000\nAAECAwQFBgcI\nGET\n/1.5/1/info/collections\nnode.example\n443\n\n\n"
    let mac = try Hawk.mac(of: text, key: SecretBytes(utf8: "key"))
    #expect(
      header.exposedText() == #"Hawk id="id", ts="1700000000", nonce="AAECAwQFBgcI", mac="\#(mac)""#)
  }

  @Test(arguments: ["", "a\"b", "a\\b", "a b", "a\r\nX: y", "é"]) func refusesIDs(id: String) {
    #expect(throws: StorageError.unusableCredentials) {
      try Hawk.authorization(
        method: "GET", url: "https://a/", credentials: credentials(id), now: 0, random: SystemRandom())
    }
  }

  @Test(arguments: [
    ("https://Example.COM", "example.com", 443, "/"), ("http://localhost", "localhost", 80, "/"),
    ("HTTPS://h:8443/a%2fb?x=%7B&y", "h", 8443, "/a%2fb?x=%7B&y"),
    ("http://[::1]:5000/x", "[::1]", 5000, "/x"),
    ("https://[FE80::1]/", "[fe80::1]", 443, "/"), ("https://h?a=b", "h", 443, "/?a=b"),
    ("https://h:65535/", "h", 65535, "/"),
  ]) func splitsURLs(url: String, host: String, port: Int, resource: String) throws {
    let target = try RequestTarget(url: url)
    #expect(target.host == host && target.port == port && target.resource == resource)
  }

  @Test(arguments: [
    "", "h", "ftp://h/", "https://", "https:///x", "https://u@h/", "https://h:0/", "https://h:65536/",
    "https://h:x/", "https://h/#f", "https://h:/", "http://example.com/", "https://h/a b",
  ]) func refusesURLs(url: String) {
    #expect(throws: HTTPError.self) { try RequestTarget(url: url) }
  }
}
