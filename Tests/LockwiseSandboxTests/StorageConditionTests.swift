import Foundation
import Testing

@testable import LockwiseSandbox

/// `X-If-Modified-Since` and `X-If-Unmodified-Since` on every route.
@Suite struct StorageConditionTests {
  static let record = "{\"payload\":\"new\"}"
  static let list = "[{\"id\":\"a\",\"payload\":\"new\"}]"

  /// The method, path and body, and the resource whose time is compared.
  static let routes: [(method: String, path: String, body: String?, target: String)] = [
    ("GET", "/info/collections", nil, "storage"), ("GET", "/info/collection_counts", nil, "storage"),
    ("GET", "/info/collection_usage", nil, "storage"), ("GET", "/info/quota", nil, "storage"),
    ("GET", "/info/configuration", nil, "storage"), ("GET", "/storage/c", nil, "collection"),
    ("GET", "/storage/c?full=1", nil, "collection"), ("GET", "/storage/c/a", nil, "record"),
    ("PUT", "/storage/c/a", record, "record"), ("PUT", "/storage/c/new", record, "none"),
    ("POST", "/storage/c", list, "collection"), ("POST", "/storage/c?batch=true", list, "collection"),
    ("POST", "/storage/c?batch=true&commit=true", list, "collection"),
    ("POST", "/storage/new", list, "none"), ("DELETE", "/storage/c/a", nil, "record"),
    ("DELETE", "/storage/c?ids=a", nil, "collection"), ("DELETE", "/storage/c", nil, "collection"),
    ("DELETE", "/storage", nil, "storage"), ("DELETE", "", nil, "storage"),
  ]

  @Test func comparesTimesOnEveryRoute() async throws {
    try await TestSandbox.run { (test) async throws in
      var uid = 100
      for route in Self.routes {
        uid += 1
        let user = StorageUser(test, uid: uid)
        let record = try await user.put("c/a")
        let collection = try await user.put("c/b")
        let storage = try await user.put("d/x")
        let times = ["record": record, "collection": collection, "storage": storage, "none": "0.00"]
        let modified = try #require(times[route.target])
        let name = "\(route.method) \(route.path)"
        func call(_ headers: [String: String]) async throws -> RawHTTP.Response {
          try await user.call(route.method, route.path, route.body, headers)
        }
        if let time = SyncTime(modified), time > .zero {
          let before = SyncTime(hundredths: time.hundredths - 1).description
          let response = try await call(["X-If-Unmodified-Since": before])
          #expect(response.status == 412, "\(name)")
          #expect(response.header("X-Last-Modified") == modified, "\(name)")
          #expect(try await call(["X-If-Unmodified-Since": "0"]).status == 412, "\(name)")
        }
        let both = try await call(["X-If-Unmodified-Since": modified, "X-If-Modified-Since": modified])
        #expect(both.status == 400, "\(name)")
        for bad in ["x", "-1", "1e9", ""] where !bad.isEmpty {
          #expect(try await call(["X-If-Unmodified-Since": bad]).status == 400, "\(name) \(bad)")
        }
        if route.method == "GET" {
          let same = try await call(["X-If-Modified-Since": modified])
          #expect(same.status == 304 && same.body.isEmpty, "\(name)")
          #expect(same.header("X-Last-Modified") == modified, "\(name)")
          if let time = SyncTime(modified) {
            let before = SyncTime(hundredths: time.hundredths - 1).description
            #expect(try await call(["X-If-Modified-Since": before]).status == 200, "\(name)")
          }
        }
        #expect(
          try await user.call("GET", "/info/collections").header("X-Last-Modified") == storage, "\(name)")
        let good = try await call(["X-If-Unmodified-Since": modified])
        #expect([200, 202].contains(good.status), "\(name): \(good.status)")
        #expect(good.header("X-Last-Modified") != nil, "\(name)")
      }
      #expect(try await test.control("GET", "state")["log"]?["internal"] == 0)
    }
  }

  @Test func comparesMissingRecordsAsTimeZero() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      #expect(try await user.call("GET", "/storage/c", nil, ["X-If-Modified-Since": "1"]).status == 304)
      #expect(try await user.call("GET", "/storage/c/a", nil, ["X-If-Unmodified-Since": "0"]).status == 404)
      #expect(
        try await user.call("PUT", "/storage/c/a", Self.record, ["X-If-Unmodified-Since": "0"]).status == 200)
      #expect(
        try await user.call("PUT", "/storage/c/a", Self.record, ["X-If-Unmodified-Since": "0"]).status == 412)
    }
  }
}
