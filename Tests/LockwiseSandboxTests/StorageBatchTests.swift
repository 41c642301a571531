import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct StorageBatchTests {
  private func post(
    _ user: StorageUser, _ query: String, _ ids: [String], _ headers: [String: String] = [:]
  ) async throws -> (RawHTTP.Response, JSON) {
    let records = ids.map {
      JSON.object([JSON.Member("id", .string($0)), JSON.Member("payload", .string("p" + $0))])
    }
    let response = try await user.call("POST", "/storage/c" + query, JSON.array(records).encodedText, headers)
    return (response, (try? JSON(parsing: response.body)) ?? .null)
  }

  private func encoded(_ batch: JSON?) -> String {
    batch?.text?.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  @Test func showsABatchOnlyAfterItsCommit() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let before = try await user.put("c/old")
      let (started, first) = try await post(user, "?batch=true", ["a", "b"])
      #expect(started.status == 202 && started.header("X-Last-Modified") == before)
      #expect(first["success"] == ["a", "b"] && first["modified"] == nil)
      let batch = encoded(first["batch"])
      #expect(batch.contains("%3D"))
      let (appended, _) = try await post(user, "?batch=\(batch)", ["c"])
      #expect(appended.status == 202)
      #expect(try await user.ids("c") == ["old"])
      let (committed, last) = try await post(
        user, "?batch=\(batch)&commit=TRUE", ["d"], ["X-If-Unmodified-Since": before])
      #expect(committed.status == 200 && last["batch"] == nil)
      let time = try #require(last["modified"]?.encodedText)
      #expect(committed.header("X-Last-Modified") == time)
      let page =
        try JSON(parsing: try await user.call("GET", "/storage/c?full=1&newer=\(before)").body).list ?? []
      #expect(page.count == 4 && page.allSatisfy { $0["modified"]?.encodedText == time })
      #expect(try await post(user, "?batch=\(batch)&commit=true", []).0.status == 400)
    }
  }

  @Test func refusesInvalidBatches() async throws {
    try await TestSandbox.run(switches: ["storage.max-total-records=3", "storage.max-total-bytes=100"]) {
      test in
      let user = StorageUser(test)
      for query in [
        "?commit=true", "?batch=bm9uZQ%3D%3D", "?batch=true&commit=yes", "?batch=x&commit=true",
      ] {
        #expect(try await post(user, query, ["a"]).0.status == 400, "\(query)")
      }
      for (header, value, status) in [
        ("X-Weave-Total-Records", "3", 202), ("X-Weave-Total-Records", "4", 400),
        ("X-Weave-Total-Bytes", "101", 400),
        ("X-Weave-Total-Records", "x", 400),
      ] {
        let (response, _) = try await post(user, "?batch=true", ["a"], [header: value])
        #expect(response.status == status, "\(header): \(value)")
        if status == 400, value != "x" { #expect(response.text == "17") }
      }
      #expect(try await post(user, "", ["a"], ["X-Weave-Total-Records": "3"]).0.status == 200)
      let batch = encoded(try await post(user, "?batch=true", ["a", "b"]).1["batch"])
      #expect(try await post(user, "?batch=\(batch)", ["c", "d"]).0.text == "17")
      let other = try await user.call("POST", "/storage/other?batch=\(batch)", "[]")
      #expect(other.status == 400)
      try await test.moveClock(7300)
      #expect(try await post(user, "?batch=\(batch)&commit=true", []).0.status == 400)
    }
  }

  @Test func checksConditionsAndImitatesOldServers() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let before = try await user.put("c/old")
      let condition = ["X-If-Unmodified-Since": before]
      let batch = encoded(try await post(user, "?batch=true", ["a"], condition).1["batch"])
      try await user.put("c/other")
      #expect(try await post(user, "?batch=\(batch)&commit=true", ["b"], condition).0.status == 412)
      #expect(try await Set(user.ids("c")) == ["old", "other"])
      let oneShot = try await post(user, "?batch=true&commit=true", ["x"])
      #expect(oneShot.0.status == 200 && oneShot.1["modified"] != nil)
      try await test.set("storage.batches", false)
      let plain = try await post(user, "?batch=true", ["y"])
      #expect(plain.0.status == 200 && plain.1["batch"] == nil && plain.1["modified"] != nil)
      #expect(try await user.ids("c").contains("y"))
    }
  }
}
