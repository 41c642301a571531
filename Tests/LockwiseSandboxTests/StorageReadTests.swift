import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct StorageReadTests {
  @Test func servesInfo() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let empty = try await user.call("GET", "/info/collections")
      #expect(empty.text == "{}" && empty.header("X-Last-Modified") == "0.00")
      #expect(empty.header("Content-Type") == "application/json")
      #expect(SyncTime(empty.header("X-Weave-Timestamp") ?? "") != nil && empty.header("Date") != nil)
      let first = try await user.put("one/a", ["payload": .string(String(repeating: "x", count: 2048))])
      let second = try await user.put("two/b")
      let info = try await user.call("GET", "/info/collections")
      #expect(info.text == "{\"one\":\(first),\"two\":\(second)}")
      #expect(info.header("X-Last-Modified") == second)
      #expect(try await user.call("GET", "/info/collection_counts").text == "{\"one\":1,\"two\":1}")
      let usage = try JSON(parsing: try await user.call("GET", "/info/collection_usage").body)
      #expect(usage["one"]?.double == 2)
      #expect(try await user.call("GET", "/info/quota").text == "[2.0009765625,null]")
      let limits = try JSON(parsing: try await user.call("GET", "/info/configuration").body)
      let names = [
        "max_request_bytes", "max_post_records", "max_post_bytes", "max_record_payload_bytes",
        "max_total_records",
        "max_total_bytes",
      ]
      #expect(limits.members?.map(\.key) == names)
      #expect(limits["max_post_records"] == 100)
      try await test.set("storage.batches", false)
      let fewer = try JSON(parsing: try await user.call("GET", "/info/configuration").body)
      #expect(fewer["max_total_records"] == nil)
      try await test.set("storage.configuration", false)
      #expect(try await user.call("GET", "/info/configuration").status == 404)
    }
  }

  @Test func sortsInEveryOrder() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let a = try await user.put("c/a", ["payload": "1", "sortindex": 5])
      let b = try await user.put("c/b", ["payload": "2", "sortindex": 9])
      let c = try await user.put("c/c", ["payload": "3", "sortindex": 1])
      #expect(try await user.ids("c?sort=oldest") == ["a", "b", "c"])
      #expect(try await user.ids("c?sort=newest") == ["c", "b", "a"])
      #expect(try await user.ids("c?sort=index") == ["b", "a", "c"])
      #expect(try await user.ids("c?newer=\(a)&sort=oldest") == ["b", "c"])
      #expect(try await user.ids("c?older=\(c)&sort=oldest") == ["a", "b"])
      #expect(try await user.ids("c?newer=\(a)&older=\(c)") == ["b"])
      #expect(try await user.ids("c?ids=c,a,missing&sort=oldest") == ["a", "c"])
      #expect(try await user.ids("c?ids=c%2Ca&sort=newest") == ["c", "a"])
      #expect(try await user.ids("c?ids=c,a&newer=\(b)") == ["c"])
      try await user.put("c/a", ["payload": "4"])
      #expect(try await user.ids("c?sort=oldest") == ["b", "c", "a"])
      #expect(try await user.ids("missing") == [])
      let full = try await user.call("GET", "/storage/c?full=1&ids=b")
      #expect(full.text == "[{\"id\":\"b\",\"modified\":\(b),\"payload\":\"2\",\"sortindex\":9}]")
      #expect(full.header("X-Weave-Records") == "1")
      let missing = try await user.call("GET", "/storage/missing")
      #expect(missing.text == "[]" && missing.header("X-Last-Modified") == "0.00")
    }
  }

  @Test(arguments: ["oldest", "newest", "index"])
  func returnsPages(sort: String) async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      for number in 0..<23 {
        try await user.put("c/id\(number)", ["payload": "p", "sortindex": .int(number * 7 % 23)])
      }
      for number in stride(from: 0, to: 23, by: 5) {
        try await user.put("c/id\(number)", ["payload": "again"])
      }
      let all = try await user.ids("c?sort=\(sort)")
      var seen: [String] = []
      var offset = ""
      var pages = 0
      repeat {
        let page = try await user.call("GET", "/storage/c?sort=\(sort)&limit=4\(offset)")
        seen += try JSON(parsing: page.body).list?.compactMap(\.text) ?? []
        offset =
          page.header("X-Weave-Next-Offset").flatMap {
            $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
          }
          .map { "&offset=\($0)" } ?? ""
        pages += 1
      } while !offset.isEmpty && pages < 20
      #expect(pages == 6 && seen == all && Set(all).count == 23)
    }
  }

  @Test func refusesTheOffsetOfAnotherQuery() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      for number in 0..<5 { try await user.put("c/id\(number)") }
      let page = try await user.call("GET", "/storage/c?sort=oldest&limit=2")
      let offset = try #require(page.header("X-Weave-Next-Offset"))
      let encoded = offset.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      #expect(
        try await user.call("GET", "/storage/c?sort=oldest&limit=1&full=1&offset=\(encoded)").status == 200)
      #expect(try await user.call("GET", "/storage/c?sort=newest&limit=2&offset=\(encoded)").status == 400)
      #expect(
        try await user.call("GET", "/storage/c?sort=oldest&newer=1&limit=2&offset=\(encoded)").status == 400)
      #expect(try await user.call("GET", "/storage/c?offset=nonsense").status == 400)
      try await test.set("storage.page", 2)
      let capped = try await user.call("GET", "/storage/c")
      #expect(try JSON(parsing: capped.body).list?.count == 2 && capped.header("X-Weave-Next-Offset") != nil)
    }
  }

  @Test func negotiatesTheFormatAndRefusesInvalidParameters() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let time = try await user.put("c/a", ["payload": "line\nfeed"])
      try await user.put("c/b")
      let lines = try await user.call(
        "GET", "/storage/c?sort=oldest", nil, ["Accept": "application/newlines"])
      #expect(lines.text == "\"a\"\n\"b\"\n" && lines.header("Content-Type") == "application/newlines")
      let full = try await user.call(
        "GET", "/storage/c?full=1&ids=a", nil, ["Accept": "application/newlines"])
      #expect(full.text == "{\"id\":\"a\",\"modified\":\(time),\"payload\":\"line\\nfeed\"}\n")
      for (accept, status, type) in [
        ("application/json", 200, "application/json"), ("*/*", 200, "application/json"),
        ("application/json;q=0.5, application/newlines", 200, "application/newlines"),
        ("application/newlines;q=0.5, application/json", 200, "application/json"),
        ("application/json;q=0.9,*/*;q=0.2", 200, "application/json"), ("text/html", 406, "application/json"),
        ("application/json;q=0", 406, "application/json"),
      ] {
        let response = try await user.call("GET", "/storage/c", nil, ["Accept": accept])
        #expect(response.status == status, "\(accept)")
        #expect(response.header("Content-Type") == type, "\(accept)")
      }
      let many = (0...100).map { "i\($0)" }.joined(separator: ",")
      for query in [
        "newer=x", "older=-1", "limit=x", "limit=-1", "sort=up", "ids=\(many)", "newer=1e5",
        "ids=" + String(repeating: "a", count: 65),
      ] {
        let response = try await user.call("GET", "/storage/c?" + query)
        #expect(response.status == 400 && response.text == "0", "\(query)")
      }
      for (method, path, status) in [
        ("GET", "/storage/c/missing", 404), ("GET", "/storage/bad%20name", 404),
        ("GET", "/storage/c/\u{1}", 404),
        ("GET", "/storage/c/%C3%A9", 404), ("GET", "/storage/" + String(repeating: "c", count: 33), 404),
        ("PATCH", "/storage/c", 405), ("POST", "/storage/c/a", 405), ("PUT", "/storage/c", 405),
        ("GET", "/storage", 405), ("POST", "/info/collections", 405), ("GET", "/info/nothing", 404),
        ("GET", "/other", 404),
      ] {
        let target = path.replacing("\u{1}", with: "%01")
        let response = try await user.call(method, target)
        #expect(response.status == status, "\(method) \(path)")
        #expect(response.header("X-Weave-Timestamp") != nil)
      }
    }
  }

  @Test func servesFirefoxsRecords() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test, uid: 1001)
      let file = TestSandbox.fixture.appending(path: "firefox-esr-153/storage.json")
      let fixture = try JSON(parsing: try Data(contentsOf: file))
      let items = try #require(fixture["collections"]?["passwords"]?["items"]?.members)
      let page = try await user.call("GET", "/storage/passwords?full=1")
      let records = try #require(JSON(parsing: page.body).list)
      #expect(records.count == 47)
      for item in items {
        let record = try #require(records.first { $0["id"]?.text == item.key })
        #expect(record["payload"] == item.value["payload"])
        #expect(record["modified"]?.double == item.value["modified"]?.double)
        let id = item.key.replacing("{", with: "%7B").replacing("}", with: "%7D")
        let single = try await user.call("GET", "/storage/passwords/\(id)")
        #expect(try JSON(parsing: single.body) == record)
      }
    }
  }
}
