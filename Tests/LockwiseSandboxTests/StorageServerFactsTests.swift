import Foundation
import Testing

@testable import LockwiseSandbox

/// Behaviour that the integration tests of Mozilla's Sync server check (syncstorage-rs, tools/integration_tests).
@Suite struct StorageServerFactsTests {
  /// A member that makes a record invalid, and the id if that is invalid.
  static let badItems: [(member: String, id: String)] = [
    (#""payload":42"#, "bad"), (#""payload":{"3":"4"}"#, "bad"), (#""payload":["x"]"#, "bad"),
    (#""payload":true"#, "bad"), (#""sortindex":"FAIL""#, "bad"), (#""sortindex":"2.6""#, "bad"),
    (#""sortindex":2.6"#, "bad"), (#""sortindex":1000000000"#, "bad"), (#""ttl":"eh?""#, "bad"),
    (#""ttl":"4.2""#, "bad"), (#""ttl":4.2"#, "bad"), (#""ttl":-12"#, "bad"), (#""unexpected":"member""#, "bad"),
    (#""payload":"x""#, ""), (#""payload":"x""#, #"A\nB"#), (#""payload":"x""#, #"A\n"#), (#""payload":"x""#, #"\nN"#),
    (#""payload":"x""#, #"A\tB"#), (#""payload":"x""#, "é"), (#""payload":"x""#, String(repeating: "X", count: 65)),
  ]

  @Test func failsOnlyTheInvalidRecordOfAPost() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      for (index, item) in Self.badItems.enumerated() {
        for query in ["", "?batch=true&commit=true", "?batch=true"] {
          let body = #"[{"id":"good","payload":"p"},{"id":"\#(item.id)",\#(item.member)},{"id":"also","payload":"p"}]"#
          let response = try await user.call("POST", "/storage/c\(index)" + query, body)
          let json = (try? JSON(parsing: response.body)) ?? .null
          #expect([200, 202].contains(response.status), "\(item) \(query): \(response.text)")
          #expect(json["success"] == ["good", "also"], "\(item) \(query)")
          #expect(json["failed"]?.members?.count == 1, "\(item) \(query)")
        }
        guard item.id == "bad" else { continue }
        let put = try await user.call("PUT", "/storage/c\(index)/bad", "{\(item.member)}")
        #expect(put.status == 400 && put.text == "8", "\(item)")
      }
    }
  }

  @Test func refusesAPostWithAnItemThatIsNotARecord() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      for bad in [
        "\"BAD\"", "42", "null", "[]", #"{"payload":"x"}"#, #"{"id":null}"#, #"{"id":["a"]}"#, #"{"id":"good"}"#,
      ] {
        let response = try await user.call("POST", "/storage/c", #"[{"id":"good","payload":"p"},\#(bad)]"#)
        #expect(response.status == 400 && response.text == "8", "\(bad)")
        #expect(try await user.ids("c") == [], "\(bad)")
      }
    }
  }

  /// The IV of 16 zero bytes.
  @Test func refusesAKnownBadPayloadOnlyInCrypto() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let payload = JSON.string(#"{"ciphertext":"x","IV":"AAAAAAAAAAAAAAAAAAAAAA=="}"#).encodedText
      for (path, status) in [("crypto/keys", 400), ("crypto/other", 400), ("c/keys", 200), ("cryptos/keys", 200)] {
        let response = try await user.call("PUT", "/storage/" + path, "{\"payload\":\(payload)}")
        #expect(response.status == status, "\(path)")
        if status == 400 { #expect(response.text == "8", "\(path)") }
      }
      let list = "[{\"id\":\"other\",\"payload\":\"p\"},{\"id\":\"keys\",\"payload\":\(payload)}]"
      let refused = try await user.call("POST", "/storage/crypto", list)
      #expect(refused.status == 400 && refused.text == "8")
      let taken = try JSON(parsing: try await user.call("POST", "/storage/passwords", list).body)
      #expect(taken["success"] == ["other", "keys"] && taken["failed"]?.members?.isEmpty == true)
    }
  }

  @Test func refusesAnEmptyLine() async throws {
    let one = #"{"id":"a","payload":"p"}"#
    let two = #"{"id":"b","payload":"p"}"#
    let newlines = "application/newlines"
    let rows: [(type: String, body: String, status: Int)] = [
      (newlines, "", 200), (newlines, "\n", 400), (newlines, "\n\n", 400), (newlines, "{}", 400),
      (newlines, "[]", 400), (newlines, one, 200), (newlines, one + "\n", 200), (newlines, one + "\n" + two, 200),
      (newlines, one + "\r\n" + two + "\r\n", 200), (newlines, one + "\n\n" + two, 400), (newlines, "\n" + one, 400),
      (newlines, one + "\n\n", 400), ("application/json", "[]", 200), ("application/json", "{}", 400),
      ("application/json", "", 400), ("text/plain", "", 400),
    ]
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      for (type, body, status) in rows {
        #expect(
          try await user.call("POST", "/storage/c", body, type: type).status == status,
          "\(type) \(body.debugDescription)")
        let start = try JSON(parsing: try await user.call("POST", "/storage/c?batch=true", "[]").body)
        let batch = Form.encode(start["batch"]?.text ?? "")
        let commit = try await user.call("POST", "/storage/c?batch=\(batch)&commit=true", body, type: type)
        #expect(commit.status == status, "commit of \(type) \(body.debugDescription)")
      }
    }
  }

  @Test func respondsToOptionsWithCORSHeaders() async throws {
    try await TestSandbox.run { (test) async throws in
      for path in ["/1.5/77/__heartbeat__", "/1.5/77/storage/c", "/storage/1.5/77/info/collections"] {
        for origin in ["localhost", "http://test-website.com"] {
          let response = try await test.send(
            "OPTIONS", path,
            headers: [
              ("Origin", origin), ("Access-Control-Request-Method", "GET"),
              ("Access-Control-Request-Headers", "Content-Type"),
            ])
          #expect(response.status == 200, "\(path)")
          #expect(response.header("Access-Control-Allow-Origin") == origin, "\(path)")
          #expect(response.header("Access-Control-Max-Age") == "555", "\(path)")
          for method in ["GET", "PUT", "POST", "DELETE"] {
            #expect(response.header("Access-Control-Allow-Methods")?.contains(method) == true, "\(path)")
          }
          #expect(response.header("Access-Control-Allow-Headers")?.contains("Authorization") == true, "\(path)")
        }
      }
      let user = StorageUser(test)
      let read = try await user.call("GET", "/info/collections", nil, ["Origin": "https://a.example"])
      #expect(read.status == 200 && read.header("Access-Control-Allow-Origin") == "https://a.example")
      #expect(read.header("Vary")?.contains("Origin") == true)
      let refused = try await test.send("GET", "/1.5/77/info/collections", headers: [("Origin", "https://a.example")])
      #expect(refused.status == 401 && refused.header("Access-Control-Allow-Origin") == "https://a.example")
      #expect(try await user.call("GET", "/info/collections").header("Access-Control-Allow-Origin") == nil)
      #expect(try await user.call("OPTIONS", "/storage/c").status == 405)
    }
  }

  @Test func servesHeartbeatsWithoutAuthorization() async throws {
    try await TestSandbox.run { (test) async throws in
      for name in ["__heartbeat__", "__lbheartbeat__", "__version__"] {
        for prefix in ["/", "/1.5/77/", "/storage/1.5/77/"] {
          let response = try await test.send("GET", prefix + name)
          #expect(response.status == 200 && (try? JSON(parsing: response.body)) != nil, "\(prefix)\(name)")
        }
      }
      #expect(try await test.send("GET", "/1.5/77/__heartbeat__/x").status == 401)
      #expect(try await test.send("GET", "/1.5/77/__nothing__").status == 401)
    }
  }

  /// Quick writes get times ahead of the clock, here by a minute. A ttl starts from the clock.
  @Test func removesARecordWhenItsTTLEnds() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      try await test.moveClock(60)
      for number in 0..<3 { try await user.put("c/n\(number)") }
      try await test.moveClock(0)
      try await user.put("c/put", ["payload": "p", "ttl": 1])
      let list = #"[{"id":"post","payload":"p","ttl":1},{"id":"n0","ttl":1}]"#
      #expect(try await user.call("POST", "/storage/c", list).status == 200)
      let start = try JSON(parsing: try await user.call("POST", "/storage/c?batch=true", "[]").body)
      let batch = Form.encode(start["batch"]?.text ?? "")
      let last = #"[{"id":"batch","payload":"p","ttl":1}]"#
      #expect(try await user.call("POST", "/storage/c?batch=\(batch)&commit=true", last).status == 200)
      try await Task.sleep(for: .seconds(1))
      for id in ["put", "post", "n0", "batch"] {
        #expect(try await user.call("GET", "/storage/c/" + id).status == 404, "\(id)")
      }
      #expect(try await user.ids("c").count == 2)
    }
  }

  /// The time of a write does not depend on how long it takes: here the clock advances by a second at each reading.
  @Test func usesTheServersTimeForWrites() throws {
    let state = SandboxState(tokenSecret: TestSandbox.secret, switches: Switches(), log: try RequestLog(path: nil))
    try state.switches.set("hawk.skew", to: 1_000_000)
    let reads = Reads()
    state.clock.machine = { reads.next() }
    let token = Signing.storageToken(secret: TestSandbox.secret, uid: 77, expires: 4_000_000_000)
    for number in 0..<3 {
      let target = "/1.5/77/storage/meta/global"
      let signature = Signing.Hawk(id: token.id, key: token.key).header(method: "PUT", target: target, port: 80)
      let request = Request(
        method: "PUT", target: target,
        headers: [("Host", "127.0.0.1"), ("Authorization", signature), ("Content-Type", "application/json")],
        body: Data("{\"payload\":\"\(number)\",\"modified\":12}".utf8))
      let response = Router(state: state).response(to: Exchange(request))
      #expect(response.status == 200)
      let written = try #require(SyncTime(String(decoding: response.body, as: UTF8.self)))
      let stated = try #require(response.header("X-Weave-Timestamp").flatMap { SyncTime($0) })
      #expect(stated == written)
      #expect(response.header("X-Last-Modified") == written.description)
    }
  }

  private final class Reads: @unchecked Sendable {
    private let start = Int64(Date().timeIntervalSince1970 * 1_000_000)
    private var count: Int64 = 0
    func next() -> Int64 {
      count += 1
      return start + count * 1_000_000
    }
  }

  @Test func startsABatchWithoutAValueOrWithTrue() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      for query in ["?batch", "?batch=", "?batch=True", "?batch=TRUE"] {
        let response = try await user.call("POST", "/storage/c" + query, #"[{"id":"a","payload":"p"}]"#)
        #expect(response.status == 202 && (try? JSON(parsing: response.body))?["batch"] != nil, "\(query)")
        #expect(try await user.ids("c") == [], "\(query)")
      }
      let commit = try await user.call("POST", "/storage/c?batch=TRUE&commit=True", #"[{"id":"a","payload":"p"}]"#)
      #expect(commit.status == 200)
      #expect(try await user.ids("c") == ["a"])
    }
  }

  @Test func checksAnnouncedTotalsWithoutABatch() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      for (header, value, status) in [
        ("X-Weave-Total-Records", "10000", 200), ("X-Weave-Total-Records", "10001", 400),
        ("X-Weave-Total-Bytes", "262144001", 400), ("X-Weave-Total-Bytes", "many", 400),
        ("X-Weave-Total-Records", "-1", 400),
      ] {
        let response = try await user.call("POST", "/storage/c", "[]", [header: value])
        #expect(response.status == status, "\(header): \(value)")
        if Int(value) ?? -1 > 0, status == 400 { #expect(response.text == "17", "\(header): \(value)") }
      }
    }
  }

  /// A record that is too large counts towards the sum of the request, so the records after it fail too.
  @Test func countsATooLargePayload() async throws {
    let switches = ["storage.max-post-bytes=10", "storage.max-record-payload-bytes=8"]
    try await TestSandbox.run(switches: switches) { (test) async throws in
      let user = StorageUser(test)
      let body = #"[{"id":"a","payload":"1"},{"id":"b","payload":"123456789"},{"id":"c","payload":"12"},{"id":"d"}]"#
      let json = try JSON(parsing: try await user.call("POST", "/storage/c", body).body)
      #expect(json["success"] == ["a", "d"] || json["success"] == ["a"])
      #expect(json["failed"]?["b"] == "retry bytes" && json["failed"]?["c"] == "retry bytes")
    }
  }

  @Test func ignoresAnEmptyListOfIDs() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      try await user.put("c/a")
      try await user.put("c/b")
      #expect(try await user.ids("c?sort=oldest&ids=") == ["a", "b"])
      #expect(try await user.ids("c?ids=a,%20b,&sort=oldest") == ["a", "b"])
      let some = try await user.call("DELETE", "/storage/c?ids=a")
      #expect(some.header("X-Last-Modified") == some.text)
      #expect(try await user.call("DELETE", "/storage/c?ids=").status == 200)
      #expect(try await user.call("GET", "/info/collections").text == "{}")
    }
  }
}
