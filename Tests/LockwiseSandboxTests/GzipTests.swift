import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseSandbox

/// Compressed responses, unpacked by gzip(1).
@Suite struct GzipTests {
  private func unpacked(_ data: Data) throws -> Data {
    let ended = try TestProcess.run(["gzip", "-dc"], input: Array(data))
    try #require(ended.status == 0)
    return Data(ended.output)
  }

  @Test func compressesResponsesAsTheSwitchSays() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      try await user.put("c/a", ["payload": .string(String(repeating: "login ", count: 1000))])
      let plain = try await user.call("GET", "/storage/c?full=1")
      for (mode, accept, isCompressed) in [
        ("asked", nil, false), ("asked", "gzip", true), ("asked", "deflate, gzip;q=0.5", true), ("asked", "*", true),
        ("asked", "gzip;q=0", false), ("asked", "gzip;q=0, *", false), ("asked", "br", false), ("always", nil, true),
        ("always", "identity", true), ("never", "gzip", false),
      ] as [(String, String?, Bool)] {
        try await test.set("http.gzip", .string(mode))
        let response = try await user.call(
          "GET", "/storage/c?full=1", nil, accept.map { ["Accept-Encoding": $0] } ?? [:])
        let name = "\(mode) \(accept ?? "-")"
        #expect(response.status == 200 && (response.header("Content-Encoding") == "gzip") == isCompressed, "\(name)")
        #expect(try (isCompressed ? unpacked(response.body) : response.body) == plain.body, "\(name)")
        #expect(!isCompressed || response.body.count < plain.body.count / 10, "\(name)")
        #expect((response.header("Vary") == "Accept-Encoding") == (mode == "asked"), "\(name)")
        #expect(response.header("Content-Length") == String(response.body.count), "\(name)")
      }
    }
  }

  @Test func compressesShortResponsesOnlyIfForced() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let short = try await user.call("GET", "/info/collections", nil, ["Accept-Encoding": "gzip"])
      #expect(short.header("Content-Encoding") == nil)
      try await test.set("http.gzip", "always")
      let forced = try await user.call("GET", "/info/collections")
      #expect(try unpacked(forced.body) == Data("{}".utf8))
      let refused = try await test.send("GET", "/1.5/77/info/collections")
      #expect(refused.status == 401)
      #expect(try unpacked(refused.body) == Data("0".utf8))
      let unchanged = try await user.call("GET", "/storage/c", nil, ["X-If-Modified-Since": "4000000000"])
      #expect(unchanged.status == 304 && unchanged.body.isEmpty && unchanged.header("Content-Encoding") == nil)
      // The control surface is never compressed.
      #expect(try await test.control("GET", "switches")["http.gzip"] == "always")
    }
  }

  @Test func leavesInjectedBodiesUncompressed() async throws {
    try await TestSandbox.run(switches: ["http.gzip=always"]) { (test) async throws in
      let user = StorageUser(test)
      try await test.control(
        "POST", "faults",
        [
          [
            "match": ["path": "/info/quota"],
            "action": ["status": 200, "headers": ["Content-Encoding": "gzip"], "body": "not gzip"],
          ], ["match": ["path": "/info/collections"], "action": ["truncateBody": 1]],
        ])
      #expect(try await user.call("GET", "/info/quota").text == "not gzip")
      await #expect(throws: RawHTTP.Failure.truncated(1)) { try await user.call("GET", "/info/collections") }
    }
  }
}
