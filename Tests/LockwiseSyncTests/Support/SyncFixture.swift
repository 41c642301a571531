import LockwiseAccounts
import LockwiseCore
import LockwiseSync
import LockwiseTestSupport

/// A server with an account on it, and a vault to pull into.
final class SyncFixture {
  let clock = TestClock()
  let server: FakeStorage
  let credentials: FakeCredentials
  let mirror = MemoryMirror()
  let random = SeededRandom()
  let syncKey: SyncKeyBundle
  var keys: SyncKeyBundle

  init() throws {
    server = FakeStorage(clock: clock)
    credentials = FakeCredentials(server: server)
    syncKey = try SyncKeyBundle(syncKey: random.secret(64))
    keys = try SyncKeyBundle(syncKey: random.secret(64))
    putMeta()
    try putKeys()
  }

  /// Makes a client and its clock, as a new process does.
  func client() -> StorageClient {
    let environment = StorageEnvironment(
      transport: server, random: random, now: { [clock] in clock.now }, sleep: { [clock] in clock.sleep($0) })
    return StorageClient(environment: environment, credentials: credentials, documents: mirror)
  }

  func pull(_ configure: (inout Pull) -> Void = { _ in }) throws -> PullResult {
    var pull = Pull(client: client(), syncKey: syncKey, mirror: mirror) { [clock] in clock.now }
    configure(&pull)
    return try pull.run()
  }

  func putMeta(
    syncID: String = "syncID000001", version: String = "5",
    engines: String = #"{"passwords":{"version":1,"syncID":"engine000001"}}"#, declined: String = "[]"
  ) {
    server.put(
      "global", in: "meta",
      #"{"syncID":"\#(syncID)","storageVersion":\#(version),"engines":\#(engines),"declined":\#(declined),"z":1}"#
    )
  }

  static func json(_ bundle: SyncKeyBundle) -> String {
    let parts = [bundle.encryptionKey, bundle.hmacKey].map { key in
      Base64.standard.encode(key).exposedText() ?? ""
    }
    return "[\"\(parts[0])\",\"\(parts[1])\"]"
  }

  func putKeys(collections: String = "{}") throws {
    let cleartext =
      #"{"id":"keys","collection":"crypto","default":\#(Self.json(keys)),"collections":\#(collections)}"#
    try server.put("keys", in: "crypto", encrypt(cleartext, with: syncKey))
  }

  func encrypt(_ cleartext: String, with bundle: SyncKeyBundle? = nil) throws -> String {
    let payload = try RecordCipher.encrypt(
      SecretBytes(utf8: cleartext), with: bundle ?? keys, random: random)
    return payload.exposedText() ?? ""
  }

  static func login(_ id: String, password: String = "secret", extra: String = "") -> String {
    let login = LoginJSON.whole(id, origin: "https://\(id).example", realm: "r", username: "user", password: password)
    return login.text.dropLast() + extra + "}"
  }

  @discardableResult
  func putLogin(_ id: String, password: String = "secret") throws -> Int64 {
    try server.put(id, in: "passwords", encrypt(Self.login(id, password: password)))
  }

  @discardableResult
  func putTombstone(_ id: String, withID: Bool = true) throws -> Int64 {
    try server.put(
      id, in: "passwords", encrypt(withID ? #"{"id":"\#(id)","deleted":true}"# : #"{"deleted":true}"#))
  }

  func putLogins(_ range: Range<Int>) throws {
    for number in range { try putLogin("login-\(number)") }
  }

  var guids: [String] { mirror.contents.logins.keys.sorted() }

  /// The password of a mirrored login.
  func password(_ id: String) -> String? {
    mirror.contents.logins[id].flatMap { try? LoginRecord(json: $0, bsoID: id) }?.password.exposedText()
  }

  func state() throws -> SyncState { try mirror.syncState() }

  /// The logins and the records set aside, which a reader of the vault sees after a pull.
  func copy() -> MemoryMirror.Contents {
    var contents = mirror.contents
    contents.documents = [:]
    // The time may differ.
    contents.deleted = contents.deleted.mapValues { DeletedLogin(login: $0.login, reason: $0.reason, time: 0) }
    return contents
  }
}
