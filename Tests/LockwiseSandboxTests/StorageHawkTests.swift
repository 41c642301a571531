import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct StorageHawkTests {
  @Test func verifiesEveryPartOfTheRequest() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      let target = "/1.5/77/storage/c/%7Bid%7D?a=%2C+b&c=d%20e"
      func status(
        method: String = "GET", target sent: String = target, host: String = "127.0.0.1", port: UInt16? = nil,
        _ change: (inout Signing.Hawk) -> Void = { _ in }
      ) async throws -> Int {
        var hawk = user.hawk
        change(&hawk)
        let header = hawk.header(method: method, target: target, host: host, port: port ?? test.port)
        let response = try await test.send("GET", sent, headers: [("Authorization", header)])
        if response.status == 401 { #expect(response.text == "0") }
        return response.status
      }
      #expect(try await status() == 404)
      #expect(try await status { $0.ext = "some ext" } == 404)
      #expect(try await status(method: "PUT") == 401)
      #expect(try await status(host: "localhost") == 401)
      #expect(try await status(port: 80) == 401)
      for other in [
        "/1.5/77/storage/c/{id}?a=%2C+b&c=d%20e", "/1.5/77/storage/c/%7bid%7d?a=%2C+b&c=d%20e",
        "/1.5/77/storage/c/%7Bid%7D?a=,+b&c=d%20e", "/1.5/77/storage/c/%7Bid%7D?a=%2C%20b&c=d%20e",
        "/1.5/77/storage/c/%7Bid%7D?c=d%20e&a=%2C+b", "/1.5/77/storage/c/%7Bid%7D",
      ] {
        #expect(try await status(target: other) == 401, "\(other)")
      }
      #expect(try await status { $0.key = Data("wrong".utf8) } == 401)
      #expect(try await status { $0.id = "wrong" } == 401)
      #expect(try await status { $0.timestamp -= 120 } == 401)
      #expect(try await status { $0.timestamp += 120 } == 401)
      #expect(try await status { $0.timestamp -= 50 } == 404)
      #expect(try await status { $0.hash = "AAAA" } == 401)
      let once = user.hawk
      #expect(try await status { $0 = once } == 404)
      #expect(try await status { $0 = once } == 401)
      #expect(try await test.send("GET", target).status == 401)
      #expect(try await test.send("GET", target, headers: [("Authorization", "Bearer x")]).status == 401)
      try await test.set("hawk.skew", 600)
      #expect(try await status { $0.timestamp -= 120 } == 404)
      let notes = try await test.log().flatMap { $0["notes"]?.list?.compactMap(\.text) ?? [] }
      #expect(notes.filter { $0 == "rejected-hawk: wrong mac" }.count == 10)
      #expect(notes.contains("rejected-hawk: nonce used before"))
    }
  }

  @Test func acceptsATargetThatEndsInAQuestionMark() async throws {
    try await TestSandbox.run { (test) async throws in
      let target = "/1.5/77/info/collections?"
      let header = StorageUser(test).hawk.header(method: "GET", target: target, port: test.port)
      #expect(try await test.send("GET", target, headers: [("Authorization", header)]).status == 200)
    }
  }

  @Test func refusesExpiredTokens() async throws {
    try await TestSandbox.run { (test) async throws in
      let past = StorageUser(test, expires: 1_700_000_000)
      #expect(try await past.call("GET", "/info/collections").status == 200)
      for (method, path) in [
        ("GET", "/info/collections/"), ("GET", "/info/quota"), ("GET", "/storage/c"),
        ("POST", "/info/collections"),
      ] {
        #expect(try await past.call(method, path).status == 401, "\(method) \(path)")
      }
      let other = Signing.storageToken(secret: TestSandbox.secret, uid: 78, expires: 4_000_000_000)
      let hawk = Signing.Hawk(id: other.id, key: other.key)
      let target = "/1.5/77/info/collections"
      let header = hawk.header(method: "GET", target: target, port: test.port)
      #expect(try await test.send("GET", target, headers: [("Authorization", header)]).status == 401)
      let forged = Signing.storageToken(secret: "other", uid: 77, expires: 4_000_000_000)
      let bad = Signing.Hawk(id: forged.id, key: forged.key).header(
        method: "GET", target: target, port: test.port)
      #expect(try await test.send("GET", target, headers: [("Authorization", bad)]).status == 401)
    }
  }

  @Test func challengesLikeOldServers() async throws {
    try await TestSandbox.run(switches: ["hawk.challenge=true"]) { (test) async throws in
      var hawk = StorageUser(test).hawk
      hawk.timestamp -= 1000
      let target = "/1.5/77/info/collections"
      let header = hawk.header(method: "GET", target: target, port: test.port)
      let response = try await test.send("GET", target, headers: [("Authorization", header)])
      let challenge = try #require(response.header("WWW-Authenticate"))
      let match = try #require(challenge.firstMatch(of: /ts="(\d+)", tsm="([^"]+)"/))
      let expected = Signing.hmac(hawk.key, Data("hawk.1.ts\n\(match.1)\n".utf8)).base64EncodedString()
      #expect(String(match.2) == expected)
    }
  }
}
