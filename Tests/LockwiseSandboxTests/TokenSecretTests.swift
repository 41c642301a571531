import Foundation
import Testing

@testable import LockwiseSandbox

/// Storage tokens that another program signed with the sandbox's secret.
@Suite struct TokenSecretTests {
  /// The published request of syncstorage-rs' tests, with its token, MAC, host and time.
  @Test func acceptsThePublishedRequest() async throws {
    let vector = try #require(VectorTests.all.first { $0.description == "tokenlib-hawk-storage" })
    var configuration = SandboxConfiguration()
    configuration.tokenSecret = try vector.text("masterSecret")
    let host = "\(try vector.text("host")):\(try #require(vector.inputs["port"]?.int))"
    let time = try #require(vector.inputs["ts"]?.int)
    func authorization(mac: String) throws -> String {
      "Hawk id=\"\(try vector.text("tokenId"))\", ts=\"\(time)\", nonce=\"\(try vector.text("nonce"))\", mac=\"\(mac)\""
    }
    let (mac, path) = (try vector.expects("mac"), try vector.text("path"))
    try await TestSandbox.run(configuration) { (test) async throws in
      // The test may wait for a thread between the requests.
      try await test.control("POST", "switches", ["hawk.skew": 600])
      try await test.control("POST", "clock", ["offset": .int(time - Int(Date().timeIntervalSince1970))])
      func status(mac: String, path: String) async throws -> Int {
        let headers = [("Host", host), ("Authorization", try authorization(mac: mac))]
        return try await test.send("GET", path, headers: headers).status
      }
      #expect(try await status(mac: "A" + mac.dropFirst(), path: path) == 401)
      #expect(try await status(mac: mac, path: path + "x") == 401)
      #expect(try await status(mac: mac, path: path) == 200)
    }
  }

  /// The storage of any uid in a token is served, both below `/1.5` and below `/storage/1.5`.
  @Test func servesAnyUserOfAToken() async throws {
    try await TestSandbox.run { (test) async throws in
      for uid in [1, 77, 2_147_483_647, 9_007_199_254_740_991] {
        let user = StorageUser(test, uid: uid)
        try await user.put("c/of\(uid)")
        #expect(try await user.ids("c") == ["of\(uid)"])
        let target = "/storage/1.5/\(uid)/storage/c"
        let header = user.hawk.header(method: "GET", target: target, port: test.port)
        #expect(try await test.send("GET", target, headers: [("Authorization", header)]).text == "[\"of\(uid)\"]")
      }
    }
  }
}
