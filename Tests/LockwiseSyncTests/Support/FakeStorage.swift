import Foundation
import LockwiseAccounts
import LockwiseCore
import Testing

/// A storage server in memory, with GET of the Sync storage API 1.5 and, if a test allows it, POST. It verifies every
/// Hawk header strictly, with code that shares only HMAC-SHA-256 with the client's.
final class FakeStorage: HTTPTransport {
  struct Item {
    var modified: Int64
    var payload: () -> String
  }

  struct Collection {
    var modified: Int64
    var items: [String: Item] = [:]
  }

  var endpoint = "https://node-1.example/1.5/12345"
  var collections: [String: Collection] = [:] {
    didSet { listing = nil }
  }
  /// The Hawk keys by id. Requests with a removed key get a 401.
  var tokens: [String: String] = ["token-1": "key-1"]
  /// The difference between the server's clock and the test's.
  var skew: Milliseconds = 0
  /// The largest page, whatever limit the client sends.
  var pageLimit = Int.max
  var sends304 = true
  var configuration: String? = #"{"max_post_records":100,"max_request_bytes":2625536,"x_unknown":[1]}"#
  /// Receives a request before the server, and may respond, throw, or change the server.
  var intercept: ((_ index: Int, _ request: HTTPRequest) throws -> HTTPResponse?)?
  /// Changes a response.
  var decorate: ((_ index: Int, _ request: HTTPRequest, _ response: inout HTTPResponse) -> Void)?
  private(set) var log: [HTTPRequest] = []

  /// Whether a test expects uploads.
  var mayWrite = false
  /// Whether a test expects that records are dropped, as Firefox does with duplicates.
  var mayDrop = false
  /// The limits that the server enforces, whatever `configuration` announces.
  var limits = Limits()
  /// The open batches, with the condition at their start and their records.
  var batches: [String: [(id: String, payload: String)]] = [:]
  /// Ids that every upload refuses, with the reason.
  var refused: [String: String] = [:]

  private let clock: TestClock
  private var lastTime: Int64 = 0
  private var nonces: Set<String> = []
  /// The collection that pages are taken from, sorted once for all of them.
  private var listing: (key: String, items: [(id: String, item: Item)])?

  init(clock: TestClock) { self.clock = clock }

  /// The server's time in hundredths of a second, different for each write.
  func tick() -> Int64 {
    lastTime = max(lastTime + 1, (clock.now + skew).rawValue / 10)
    return lastTime
  }

  @discardableResult
  func put(_ id: String, in collection: String, _ payload: @escaping () -> String) -> Int64 {
    let time = tick()
    collections[collection, default: Collection(modified: 0)].items[id] = Item(
      modified: time, payload: payload)
    collections[collection]?.modified = time
    return time
  }

  @discardableResult
  func put(_ id: String, in collection: String, _ payload: String) -> Int64 {
    put(id, in: collection) { payload }
  }

  var paths: [String] { log.map { String($0.url.dropFirst(endpoint.count)) } }

  func clearLog() { log = [] }

  func send(_ request: HTTPRequest) throws -> HTTPResponse {
    let index = log.count
    log.append(request)
    if request.method != "GET", !(mayWrite && request.method == "POST"), !(mayDrop && request.method == "DELETE") {
      Issue.record("\(request.method) \(request.url)")
    }
    var response = try intercept?(index, request) ?? answer(request)
    if response.header("x-weave-timestamp") == nil {
      response.headers.append(("x-weave-timestamp", Self.decimal((clock.now + skew).rawValue / 10)))
    }
    decorate?(index, request, &response)
    return response
  }

  static func answer(_ status: Int, _ body: String = "", _ headers: [(String, String)] = []) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: headers.map { (name: $0.0, value: $0.1) }, body: SecretBytes(utf8: body))
  }

  static func decimal(_ hundredths: Int64) -> String {
    String(format: "%lld.%02lld", hundredths / 100, hundredths % 100)
  }

  private func answer(_ request: HTTPRequest) -> HTTPResponse {
    guard isSigned(request) else { return Self.answer(401, "0") }
    guard ["GET", "POST"].contains(request.method) || (mayDrop && request.method == "DELETE") else {
      return Self.answer(405, "0")
    }
    guard request.url.hasPrefix(endpoint) else { return Self.answer(401, "0") }
    guard let components = URLComponents(string: String(request.url.dropFirst(endpoint.count))) else {
      return Self.answer(400, "0")
    }
    let parts = components.percentEncodedPath.split(separator: "/").map {
      String($0).removingPercentEncoding ?? ""
    }
    let query = Dictionary(
      (components.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
    if request.method == "POST" {
      return parts.first == "storage" && parts.count == 2 ? post(parts[1], query, request) : Self.answer(405, "0")
    }
    if request.method == "DELETE" {
      guard parts.first == "storage", parts.count == 2, let ids = query["ids"] else { return Self.answer(405, "0") }
      return drop(ids, in: parts[1], request)
    }
    switch (parts.first, parts.count) {
    case ("info", 2): return info(parts[1], request)
    case ("storage", 2): return list(parts[1], query, request)
    case ("storage", 3): return item(parts[2], in: parts[1], request)
    default: return Self.answer(404, "0")
    }
  }
}

extension FakeStorage {
  private func value(_ name: String, of request: HTTPRequest) -> String? {
    request.headers.first { $0.name.lowercased() == name }?.value.exposedText()
  }

  private func isSigned(_ request: HTTPRequest) -> Bool {
    guard let header = value("authorization", of: request), header.hasPrefix("Hawk "),
      let url = URLComponents(string: request.url), let host = url.host
    else { return false }
    var fields: [String: String] = [:]
    for part in header.dropFirst(5).components(separatedBy: ", ") {
      guard let equals = part.firstIndex(of: "="), part.hasSuffix("\"") else { return false }
      fields[String(part[..<equals])] = String(part[part.index(equals, offsetBy: 2)...].dropLast())
    }
    guard let id = fields["id"], let key = tokens[id], let ts = fields["ts"], let time = Int64(ts).map({ Seconds($0) }),
      let nonce = fields["nonce"], nonce.count >= 8, let mac = fields["mac"], fields.count == 4,
      (time - Seconds(clock.now + skew)).magnitude <= 60, nonces.insert(nonce).inserted
    else { return false }
    let port = url.port ?? (url.scheme == "https" ? 443 : 80)
    let query = url.percentEncodedQuery.map { "?" + $0 } ?? ""
    var text = "hawk.1.header\n\(ts)\n\(nonce)\n\(request.method)\n"
    text += "\(url.percentEncodedPath)\(query)\n\(host.lowercased())\n\(port)\n\n\n"
    let expected = try? HMACSHA256.authenticationCode(for: Array(text.utf8), key: SecretBytes(utf8: key))
    return Data(expected ?? []).base64EncodedString() == mac
  }

  /// The response 304 or 412 if a condition requires it; otherwise nil.
  func conditional(_ modified: Int64, _ request: HTTPRequest) -> HTTPResponse? {
    let headers = [("x-last-modified", Self.decimal(modified))]
    let since = value("x-if-modified-since", of: request)
    let unmodified = value("x-if-unmodified-since", of: request)
    if since != nil, unmodified != nil { return Self.answer(400, "0") }
    if let since, sends304, Self.hundredths(since) >= modified { return Self.answer(304, "", headers) }
    if let unmodified, modified > Self.hundredths(unmodified) { return Self.answer(412, "0", headers) }
    return nil
  }

  private static func hundredths(_ text: String) -> Int64 {
    precondition(text.range(of: #"^[0-9]+\.[0-9]{2}$"#, options: .regularExpression) != nil, text)
    return Int64(text.replacing(".", with: "")) ?? -1
  }

  private func info(_ name: String, _ request: HTTPRequest) -> HTTPResponse {
    let modified = collections.values.map(\.modified).max() ?? 0
    if let refused = conditional(modified, request) { return refused }
    let headers = [("x-last-modified", Self.decimal(modified))]
    func object(_ value: (Collection) -> String) -> String {
      "{" + collections.map { "\"\($0)\":\(value($1))" }.joined(separator: ", ") + "}"
    }
    switch name {
    case "collections": return Self.answer(200, object { Self.decimal($0.modified) }, headers)
    case "collection_counts": return Self.answer(200, object { String($0.items.count) }, headers)
    case "collection_usage": return Self.answer(200, object { _ in "1.5" }, headers)
    case "quota": return Self.answer(200, "[12.5, null]", headers)
    case "configuration":
      return configuration.map { Self.answer(200, $0, headers) } ?? Self.answer(404, "0")
    default: return Self.answer(404, "0")
    }
  }

  private func item(_ id: String, in name: String, _ request: HTTPRequest) -> HTTPResponse {
    guard let item = collections[name]?.items[id] else { return Self.answer(404, "0") }
    if let refused = conditional(item.modified, request) { return refused }
    return Self.answer(200, Self.json(id, item), [("x-last-modified", Self.decimal(item.modified))])
  }

  private func list(_ name: String, _ query: [String: String], _ request: HTTPRequest) -> HTTPResponse {
    let collection = collections[name] ?? Collection(modified: 0)
    if let refused = conditional(collection.modified, request) { return refused }
    let newer = query["newer"].map { Self.hundredths($0) } ?? -1
    let order = query["sort"] ?? ""
    let ids = query["ids"].map { Set($0.split(separator: ",").map { String($0) }) }
    let key = "\(name) \(newer) \(order) \(collection.modified) \(query["ids"] ?? "")"
    if listing?.key != key {
      let chosen = collection.items.filter { $1.modified > newer && ids?.contains($0) ?? true }
      let sorted = chosen.sorted { ($0.value.modified, $0.key) < ($1.value.modified, $1.key) }
      listing = (key, sorted.map { (id: $0.key, item: $0.value) })
    }
    let items = listing?.items ?? []
    // The token needs correct encoding, and belongs to its query.
    let token = "n+\(key) /=&:"
    let start: Int
    if let offset = query["offset"] {
      guard offset.hasPrefix(token), let number = Int(offset.dropFirst(token.count)) else {
        return Self.answer(400, "0")
      }
      start = number
    } else {
      start = 0
    }
    let limit = min(query["limit"].flatMap { Int($0) } ?? Int.max, pageLimit)
    let page = items.dropFirst(start).prefix(limit)
    var headers = [
      ("x-last-modified", Self.decimal(collection.modified)), ("x-weave-records", String(page.count)),
    ]
    if start + page.count < items.count {
      headers.append(("x-weave-next-offset", token + String(start + page.count)))
    }
    let full = query["full"] != nil
    let body = page.map { full ? Self.json($0.id, $0.item) : "\"\($0.id)\"" }
    return Self.answer(200, "[" + body.joined(separator: ",") + "]", headers)
  }

  private static func json(_ id: String, _ item: Item) -> String {
    let payload = item.payload().replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "{\"id\":\"\(id)\",\"modified\":\(decimal(item.modified)),\"payload\":\"\(payload)\",\"x\":null}"
  }
}
