import Foundation
import Testing

@testable import LockwiseSandbox

/// The Sync storage API 1.5 as a table of requests, with the status, body and headers of each response.
@Suite struct StorageContractTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    let request: (method: String, path: String)
    var body: String?
    var type: String? = "application/json"
    var headers: [String: String] = [:]
    let status: Int
    /// The expected body: `=` and a text, or `~` and a regular expression for all of it.
    var response: String?
    /// The headers of the response; those after `!` must be absent.
    var responseHeaders: [String] = []

    init(
      _ request: String, _ body: String? = nil, type: String? = "application/json", _ headers: [String: String] = [:],
      is status: Int, _ response: String? = nil, with responseHeaders: String...
    ) {
      let parts = request.split(separator: " ", maxSplits: 1)
      self.request = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
      (self.body, self.type, self.headers, self.status, self.response) = (body, type, headers, status, response)
      self.responseHeaders = responseHeaders
      testDescription = "\(request) \(headers) \(type ?? "-") \(body?.prefix(40) ?? "")"
    }
  }

  private static let time = #"\d+\.\d\d"#
  private static let bso = #"{"payload":"p"}"#
  private static func ids(_ count: Int) -> String { (0..<count).map { "i\($0)" }.joined(separator: ",") }

  /// The requests, each to a storage with the records `a` and `b` (sortindex 5) in the collection `c`, and `x` in `d`.
  static let rows: [Row] =
    [
      // Reading.
      Row("GET /info/collections", is: 200, "~\\{\"c\":\(time),\"d\":\(time)\\}", with: "X-Last-Modified"),
      Row("GET /info/collection_counts", is: 200, #"={"c":2,"d":1}"#, with: "X-Last-Modified"),
      Row("GET /info/collection_usage", is: 200, #"~\{"c":[0-9.e-]+,"d":[0-9.e-]+\}"#, with: "X-Last-Modified"),
      Row("GET /info/quota", is: 200, "~\\[[0-9.e-]+,null\\]", with: "X-Last-Modified"),
      Row("GET /info/configuration", is: 200, "~\\{\"max_request_bytes\":2625536,.*\\}", with: "X-Last-Modified"),
      Row("GET /info/other", is: 404),
      Row(
        "GET /storage/c?sort=oldest", is: 200, #"=["a","b"]"#, with: "X-Last-Modified", "X-Weave-Records",
        "!X-Weave-Next-Offset"),
      Row("GET /storage/c?sort=oldest&limit=1", is: 200, #"=["a"]"#, with: "X-Weave-Records", "X-Weave-Next-Offset"),
      Row(
        "GET /storage/c?full=1&ids=b", is: 200,
        "~\\[\\{\"id\":\"b\",\"modified\":\(time),\"payload\":\"p\",\"sortindex\":5\\}\\]"),
      Row("GET /storage/c?ids=\(ids(100))", is: 200, "=[]"), Row("GET /storage/c?ids=\(ids(101))", is: 400),
      Row("GET /storage/c?limit=x", is: 400), Row("GET /storage/c?newer=x", is: 400),
      Row("GET /storage/c?sort=x", is: 400),
      Row("GET /storage/never", is: 200, "=[]", with: "X-Last-Modified"),
      Row("GET /storage/c", nil, ["Accept": "application/newlines"], is: 200, "~\"[ab]\"\n\"[ab]\"\n"),
      Row("GET /storage/c", nil, ["Accept": "*/*"], is: 200),
      Row("GET /storage/c", nil, ["Accept": "text/html"], is: 406),
      Row(
        "GET /storage/c/a", is: 200, "~\\{\"id\":\"a\",\"modified\":\(time),\"payload\":\"p\"\\}",
        with: "X-Last-Modified"),
      Row("GET /storage/c/missing", is: 404, "=0"), Row("GET /storage/bad!name", is: 404),
      Row("GET /storage/\(String(repeating: "n", count: 32))", is: 200, "=[]"),
      Row("GET /storage/\(String(repeating: "n", count: 33))", is: 404),
      Row("GET /storage/c/\(String(repeating: "i", count: 65))", is: 404),
      Row("GET /storage/c", nil, ["X-If-Modified-Since": "4000000000"], is: 304, "=", with: "X-Last-Modified"),
      Row("GET /storage/c", nil, ["X-If-Unmodified-Since": "0"], is: 412, with: "X-Last-Modified"),
      Row("GET /storage/c", nil, ["X-If-Modified-Since": "1", "X-If-Unmodified-Since": "1"], is: 400),
      // Writing.
      Row("PUT /storage/c/new", bso, is: 200, "~\(time)", with: "X-Last-Modified"),
      Row("PUT /storage/c/\(String(repeating: "i", count: 64))", bso, is: 200),
      Row("PUT /storage/c/%7Bid%7D", bso, is: 200),
      Row("PUT /storage/c/a", bso, ["X-If-Unmodified-Since": "0"], is: 412, with: "X-Last-Modified"),
      Row("PUT /storage/c/new", bso, ["X-If-Unmodified-Since": "0"], is: 200),
      Row("PUT /storage/c/a", #"{"id":"other","payload":"p"}"#, is: 400, "=8"),
      Row("PUT /storage/c/a", "{", is: 400, "=8"),
      Row("PUT /storage/c/a", #"{"payload":"p","more":1}"#, is: 400, "=8"),
      Row("PUT /storage/c/a", #"{"payload":"p","collection":"c","modified":1}"#, is: 200),
      Row("PUT /storage/c/a", #"{"sortindex":999999999,"ttl":999999999}"#, is: 200),
      Row("PUT /storage/c/a", #"{"sortindex":-999999999,"ttl":0}"#, is: 200),
      Row("PUT /storage/c/a", #"{"sortindex":-1000000000}"#, is: 400, "=8"),
      Row("PUT /storage/c/a", #"{"ttl":1000000000}"#, is: 400, "=8"),
      Row("PUT /storage/c/a", bso, type: "text/plain", is: 200),
      Row("PUT /storage/c/a", bso, type: "image/png", is: 415),
      Row("PUT /storage/c/a", bso, type: nil, is: 415),
      Row(
        "POST /storage/c", #"[{"id":"n","payload":"p"}]"#, is: 200,
        "~\\{\"modified\":\(time),\"success\":\\[\"n\"\\],\"failed\":\\{\\}\\}", with: "X-Last-Modified"),
      Row(
        "POST /storage/c", "{\"id\":\"n\",\"payload\":\"p\"}\n{\"id\":\"o\"}\n", type: "application/newlines", is: 200,
        #"~.*"success":\["n","o"\].*"#),
      Row("POST /storage/c", "[]", type: "image/png", is: 415), Row("POST /storage/c", "{}", is: 400, "=8"),
      Row(
        "POST /storage/c?batch=true", "[]", is: 202, #"~\{"batch":"[^"]+","success":\[\],"failed":\{\}\}"#,
        with: "X-Last-Modified"),
      Row("POST /storage/c?batch=true&commit=true", "[]", is: 200), Row("POST /storage/c?commit=true", "[]", is: 400),
      Row("POST /storage/c?batch=nonsense&commit=true", "[]", is: 400),
      Row("POST /storage/c", "[]", ["X-Weave-Records": "100", "X-Weave-Bytes": "2621440"], is: 200),
      Row("POST /storage/c", "[]", ["X-Weave-Records": "101"], is: 400, "=17"),
      Row("POST /storage/c", "[]", ["X-Weave-Bytes": "2621441"], is: 400, "=17"),
      Row(
        "POST /storage/c?batch=true", "[]", ["X-Weave-Total-Records": "10000", "X-Weave-Total-Bytes": "262144000"],
        is: 202),
      Row("POST /storage/c?batch=true", "[]", ["X-Weave-Total-Records": "10001"], is: 400, "=17"),
      Row("POST /storage/c?batch=true", "[]", ["X-Weave-Total-Bytes": "262144001"], is: 400, "=17"),
      Row("POST /storage/c?batch=true", "[]", ["X-Weave-Total-Records": "many"], is: 400),
      // Deleting.
      Row("DELETE /storage/c/a", is: 200, "~\\{\"modified\":\(time)\\}", with: "X-Last-Modified"),
      Row("DELETE /storage/c/missing", is: 404, "=0"),
      Row("DELETE /storage/c?ids=a,b", is: 200, "~\(time)"), Row("DELETE /storage/c?ids=\(ids(101))", is: 400),
      Row("DELETE /storage/c", is: 200, "~\(time)"), Row("DELETE /storage/never", is: 200),
      Row("DELETE /storage", nil, ["X-Confirm-Delete": "1"], is: 200, "=null"),
      Row("DELETE /storage", is: 200, "=null"),
      Row("DELETE", is: 200, "=null"),
      Row("DELETE /storage", nil, ["X-If-Unmodified-Since": "0"], is: 412, with: "X-Last-Modified"),
    ]
    // Unserved routes.
    + [
      "POST /info/collections", "PUT /storage/c", "POST /storage/c/a", "GET /storage", "POST /storage", "PUT",
      "PATCH /storage/c/a",
    ].map { Row($0, $0.hasPrefix("GET") ? nil : "{}", is: 405) }

  @Test func respondsAsTheTableSays() async throws {
    try await TestSandbox.run { (test) async throws in
      for (index, row) in Self.rows.enumerated() {
        let user = StorageUser(test, uid: 50_000 + index)
        try await user.put("c/a", ["payload": "p"])
        try await user.put("c/b", ["payload": "p", "sortindex": 5])
        try await user.put("d/x")
        let response = try await user.call(row.request.method, row.request.path, row.body, row.headers, type: row.type)
        let name = row.testDescription
        #expect(response.status == row.status, "\(name): \(response.text)")
        if let expected = row.response, expected.hasPrefix("=") {
          #expect(response.text == expected.dropFirst(), "\(name)")
        }
        if let pattern = row.response, pattern.hasPrefix("~") {
          #expect(
            try Regex(String(pattern.dropFirst())).wholeMatch(in: response.text) != nil, "\(name): \(response.text)")
        }
        for header in row.responseHeaders {
          let isAbsent = header.hasPrefix("!")
          #expect(
            (response.header(isAbsent ? String(header.dropFirst()) : header) == nil) == isAbsent, "\(name): \(header)")
        }
        // On every response, including errors.
        #expect(response.header("X-Weave-Timestamp")?.wholeMatch(of: /\d+\.\d\d/) != nil, "\(name)")
        #expect(response.header("Date") != nil, "\(name)")
      }
      #expect(try await test.control("GET", "state")["log"]?["internal"] == 0)
      for path in ["/__heartbeat__", "/__lbheartbeat__", "/__version__"] {
        #expect(try await test.send("GET", path).status == 200)
      }
    }
  }

  /// Injected refusals have the time to wait.
  @Test(arguments: [(409, "10"), (429, "7"), (503, "30"), (500, nil), (513, nil)] as [(Int, String?)])
  func reportsInjectedWaits(status: Int, retryAfter: String?) async throws {
    try await TestSandbox.run(switches: ["storage.backoff=5", "storage.alert=maintenance"]) { (test) async throws in
      let user = StorageUser(test)
      let headers = JSON.object(retryAfter.map { [JSON.Member("Retry-After", .string($0))] } ?? [])
      try await test.control(
        "POST", "faults", [["match": ["path": "/storage/c"], "action": ["status": .int(status), "headers": headers]]])
      let response = try await user.call("POST", "/storage/c", "[]")
      #expect(response.status == status && response.header("Retry-After") == retryAfter)
      let next = try await user.call("POST", "/storage/c", "[]")
      #expect(
        next.status == 200 && next.header("X-Weave-Backoff") == "5" && next.header("X-Weave-Alert") == "maintenance")
    }
  }
}
