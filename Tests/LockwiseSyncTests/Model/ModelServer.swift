import Foundation
import LockwiseAccounts
import LockwiseCore
import LockwiseSync

/// The server of a model test.
protocol ModelServer: AnyObject {
  /// The clock of all actors.
  var clock: TestClock { get }
  var syncKey: SyncKeyBundle { get }
  /// The keys of the passwords collection.
  var keys: SyncKeyBundle { get }
  var transport: any HTTPTransport { get }
  /// Returns credentials, as a new process gets them.
  func credentials() -> any StorageCredentialsSource
  func advance(_ span: Milliseconds) throws
  /// Limits the number of records in a request.
  func setLimits(records: Int, hasBatches: Bool, isTold: Bool) throws
  /// Returns the decrypted logins on the server by id, without tombstones.
  func contents() throws -> [String: ModelRecord]
}

/// A login, parsed without our engine.
typealias ModelRecord = [String: Any]

/// `FakeStorage` as the server of a model test.
final class MemoryModelServer: ModelServer {
  private let fixture: SyncFixture

  init() throws {
    fixture = try SyncFixture()
    fixture.server.mayWrite = true
    fixture.server.mayDrop = true
    fixture.server.configuration = fixture.server.limits.text
  }

  var clock: TestClock { fixture.clock }
  var syncKey: SyncKeyBundle { fixture.syncKey }
  var keys: SyncKeyBundle { fixture.keys }
  var transport: any HTTPTransport { fixture.server }
  func credentials() -> any StorageCredentialsSource { FakeCredentials(server: fixture.server) }
  func advance(_ span: Milliseconds) { clock.now += span }
  func contents() throws -> [String: ModelRecord] { try fixture.serverLogins() }

  func setLimits(records: Int, hasBatches: Bool, isTold: Bool) {
    (fixture.server.limits.postRecords, fixture.server.limits.hasBatches) = (records, hasBatches)
    if isTold { fixture.server.configuration = fixture.server.limits.text }
  }
}

/// Disturbs one request: the one with this number, counted from 0, or from number 3 on the first upload.
final class DisturbedTransport: HTTPTransport {
  private let transport: any HTTPTransport
  private let fault: ModelFault?
  private let number: Int
  private var count = 0
  private var isDone = false

  init(_ transport: any HTTPTransport, _ fault: ModelFault?, request: Int) {
    self.transport = transport
    self.fault = fault
    number = request
  }

  func send(_ request: HTTPRequest) throws -> HTTPResponse {
    defer { count += 1 }
    let isNow = !isDone && (number < 3 ? count == number : request.method == "POST")
    guard let fault, isNow || isDone && fault == .down else { return try transport.send(request) }
    isDone = true
    switch fault {
    case .lostRequest, .down: break
    case .lostResponse, .killed: _ = try transport.send(request)
    case .conflict: return FakeStorage.answer(412, "0")
    case .tooLarge: return FakeStorage.answer(413, "17")
    case .overloaded: return FakeStorage.answer(503, "0")
    }
    throw HTTPError.broken(host: "disturbed", reason: "lost")
  }
}

extension ModelRecord {
  /// The members that make two records one login.
  var key: String {
    ["hostname", "formSubmitURL", "httpRealm", "username"].map { self[$0] as? String ?? "-" }
      .joined(separator: " ")
  }

  var password: String { self["password"] as? String ?? "" }

  /// The passwords that lost in a merge of our engine.
  var formerPasswords: [String] {
    let member = self["lockwise"] as? [String: Any]
    let history = member?.values.compactMap { $0 as? [[String: Any]] }.first ?? []
    return history.compactMap { $0["password"] as? String }
  }

  /// The facts in the login.
  var facts: Set<String> { Set([password] + formerPasswords + keys.filter { $0.hasPrefix("note-") }) }

  /// Sorted, so that equal records have equal text.
  var text: String {
    let data = try? JSONSerialization.data(withJSONObject: self, options: [.sortedKeys, .withoutEscapingSlashes])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "?"
  }

  init(text: SecretBytes) throws {
    let object = try JSONSerialization.jsonObject(with: Data(text.withUnsafeBytes { Array($0) }))
    self = object as? [String: Any] ?? [:]
  }
}
