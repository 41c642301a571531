import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct StorageWriteTests {
  @Test func increasesTimes() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      try await test.moveClock(1000)
      let first = try await user.put("c/a")
      var last = try #require(SyncTime(first))
      try await test.moveClock(0)
      for number in 0..<5 {
        let response = try await user.call("PUT", "/storage/c/x\(number)", "{\"payload\":\"p\"}")
        let time = try #require(SyncTime(response.text))
        #expect(time > last && time.description == response.text)
        #expect(response.header("X-Last-Modified") == response.text)
        #expect(try #require(SyncTime(response.header("X-Weave-Timestamp") ?? "")) >= time)
        last = time
      }
    }
  }

  @Test func keepsAbsentMembers() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      try await user.put("c/a", ["payload": "one", "sortindex": 3])
      func record() async throws -> JSON {
        let response = try await user.call("GET", "/storage/c/a")
        return try JSON(parsing: response.body)
      }
      let time = try await user.put("c/a", ["sortindex": 4])
      #expect(try await record()["payload"] == "one")
      #expect(try await record()["sortindex"] == 4)
      #expect(try await record()["modified"]?.encodedText == time)
      try await user.put("c/a", ["payload": nil, "id": "a", "modified": 5, "collection": "x"])
      #expect(try await record()["payload"] == "one")
      #expect(try await user.put("c/b", [:]) != time)
      #expect(try JSON(parsing: try await user.call("GET", "/storage/c/b").body)["payload"] == "")
      try await user.put("c/a", ["ttl": 10])
      try await test.moveClock(11)
      #expect(try await user.call("GET", "/storage/c/a").status == 404)
      #expect(try await user.ids("c") == ["b"])
      #expect(try await user.call("GET", "/info/collection_counts").text == "{\"c\":1}")
    }
  }

  /// The refused bodies of a PUT, with status and code.
  @Test func refusesInvalidRecords() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      for (body, status, code) in [
        ("{\"payload\":5}", 400, "8"), ("{\"payload\":\"x\",\"other\":1}", 400, "8"), ("[]", 400, "8"),
        ("{", 400, "8"), ("{\"id\":\"b\",\"payload\":\"x\"}", 400, "8"), ("{\"sortindex\":\"1\"}", 400, "8"),
        ("{\"sortindex\":1000000000}", 400, "8"), ("{\"sortindex\":1.5}", 400, "8"),
        ("{\"ttl\":-1}", 400, "8"),
        ("{\"ttl\":1000000000}", 400, "8"),
      ] {
        let response = try await user.call("PUT", "/storage/c/a", body)
        #expect(response.status == status, "\(body)")
        #expect(response.text == code, "\(body)")
      }
      for (type, status) in [
        ("application/json", 200), ("application/json; charset=utf-8", 200), ("text/plain", 200),
        ("TEXT/PLAIN;charset=UTF-8", 200), ("application/newlines", 415), ("text/html", 415), (nil, 415),
      ] {
        #expect(
          try await user.call("PUT", "/storage/c/a", "{\"payload\":\"x\"}", type: type).status == status,
          "\(type ?? "none")")
      }
      #expect(try await user.call("POST", "/storage/c", "[]", type: "text/html").status == 415)
    }
  }

  @Test func acceptsPosts() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let body =
        "[{\"id\":\"a\",\"payload\":\"1\"},{\"id\":\"b\",\"other\":1},{\"id\":\"\(String(repeating: "x", count: 65))\"}]"
      let response = try await user.call("POST", "/storage/c", body)
      let json = try JSON(parsing: response.body)
      #expect(json["success"] == ["a"])
      #expect(json["failed"]?.members?.count == 2 && json["failed"]?["b"]?.text?.hasPrefix("invalid") == true)
      #expect(json["modified"]?.encodedText == response.header("X-Last-Modified"))
      #expect(try await user.ids("c") == ["a"])
      let lines = "{\"id\":\"n1\",\"payload\":\"1\"}\n{\"id\":\"n2\",\"payload\":\"2\"}\n"
      #expect(try await user.call("POST", "/storage/c", lines, type: "application/newlines").status == 200)
      #expect(try await user.ids("c?sort=oldest") == ["a", "n1", "n2"])
      for bad in ["{}", "[1]", "[{\"payload\":\"x\"}]", "[{\"id\":\"a\"},{\"id\":\"a\"}]", "[{\"id\":5}]"] {
        let refused = try await user.call("POST", "/storage/c", bad)
        #expect(refused.status == 400 && refused.text == "8", "\(bad)")
      }
    }
  }

  @Test func enforcesLimits() async throws {
    let switches = [
      "storage.max-post-records=2", "storage.max-post-bytes=10", "storage.max-record-payload-bytes=8",
      "storage.max-request-bytes=200",
    ]
    try await TestSandbox.run(switches: switches) { (test) async throws in
      let user = StorageUser(test)
      func post(_ payloads: [String], _ headers: [String: String] = [:]) async throws -> RawHTTP.Response {
        let records = payloads.enumerated().map {
          JSON.object([JSON.Member("id", .string("r\($0)")), JSON.Member("payload", .string($1))])
        }
        return try await user.call("POST", "/storage/c", JSON.array(records).encodedText, headers)
      }
      let count = try JSON(parsing: try await post(["1", "2", "3"]).body)
      #expect(count["success"] == ["r0", "r1"] && count["failed"]?["r2"] == "retry bso")
      let bytes = try JSON(parsing: try await post(["ééé", "12345"]).body)
      #expect(bytes["success"] == ["r0"] && bytes["failed"]?["r1"] == "retry bytes")
      let single = try JSON(parsing: try await post(["123456789"]).body)
      #expect(single["failed"]?["r0"] == "retry bytes")
      let put = try await user.call("PUT", "/storage/c/a", "{\"payload\":\"123456789\"}")
      #expect(put.status == 413 && put.text == "17")
      let large = try await user.call("POST", "/storage/c", "[" + String(repeating: " ", count: 200) + "]")
      #expect(large.status == 413 && large.text == "17")
      for (header, value, status) in [
        ("X-Weave-Records", "2", 200), ("X-Weave-Records", "3", 400), ("X-Weave-Bytes", "11", 400),
        ("X-Weave-Records", "x", 400),
      ] {
        let response = try await post(["1"], [header: value])
        #expect(response.status == status, "\(header) \(value)")
        if status == 400, value != "x" { #expect(response.text == "17") }
      }
      try await test.set("storage.quota-bytes", 9)
      let quota = try await user.call("PUT", "/storage/c/q", "{\"payload\":\"12345678\"}")
      #expect(quota.status == 403 && quota.text == "14")
    }
  }

  @Test func deletesRecordsAndCollections() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let a = try await user.put("c/a")
      let b = try await user.put("c/b")
      try await user.put("d/x")
      let one = try await user.call("DELETE", "/storage/c/a")
      let time = try #require(JSON(parsing: one.body)["modified"]?.encodedText)
      #expect(one.header("X-Last-Modified") == a && time > b)
      #expect(try await user.call("DELETE", "/storage/c/a").status == 404)
      #expect(
        try JSON(parsing: try await user.call("GET", "/info/collections").body)["c"]?.encodedText == time)
      let some = try await user.call("DELETE", "/storage/c?ids=b,zz")
      #expect(some.header("X-Last-Modified") == some.text && some.text > time)
      #expect(try await user.ids("c") == [])
      #expect(
        try JSON(parsing: try await user.call("GET", "/info/collections").body)["c"]?.encodedText == some.text
      )
      let collection = try await user.call("DELETE", "/storage/c")
      #expect(collection.header("X-Last-Modified") == some.text && collection.text > some.text)
      #expect(try JSON(parsing: try await user.call("GET", "/info/collections").body)["c"] == nil)
      #expect(try await user.call("DELETE", "/storage/c").status == 200)
      #expect(try await user.call("DELETE", "/storage").text == "null")
      let info = try await user.call("GET", "/info/collections")
      #expect(info.text == "{}" && (info.header("X-Last-Modified") ?? "") > collection.text)
      let notes = try await test.log().flatMap { $0["notes"]?.list?.compactMap(\.text) ?? [] }
      #expect(notes.filter { $0 == "delete-collection" }.count == 2 && notes.contains("delete-storage"))
    }
  }
}
