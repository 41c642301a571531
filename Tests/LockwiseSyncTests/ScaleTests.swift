import Foundation
import LockwiseCore
import LockwiseSync
import Testing

@Suite struct ScaleTests {
  /// The memory in use in kilobytes (proc_pid_status(5), VmRSS).
  private static func residentMemory() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return Int(line.filter(\.isNumber)) ?? 0
  }

  private func fixture(_ count: Int) throws -> SyncFixture {
    let fixture = try SyncFixture()
    fixture.mirror.keepsLogins = false
    // All records share a ciphertext, because encrypting 20,000 would be most of the test. The ids are in the first
    // block,
    // which the IV changes too.
    let payload = try fixture.encrypt(SyncFixture.login(Self.id(0), password: String(repeating: "p", count: 20)))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(payload.utf8)) as? [String: String])
    let text = try #require(object["IV"])
    let iv = try #require(Data(base64Encoded: text))
    for number in 0..<count {
      var own = iv
      for (index, (old, new)) in zip(Self.id(0).utf8, Self.id(number).utf8).enumerated() { own[7 + index] ^= old ^ new }
      fixture.server.put(
        Self.id(number), in: "passwords", payload.replacing(text, with: own.base64EncodedString()))
    }
    return fixture
  }

  /// An id that ends within the first 16 bytes of a record.
  private static func id(_ number: Int) -> String { "l" + String(String(100_000 + number).dropFirst()) }

  /// Pulls everything, and returns the time it took and the growth of memory after the first pages in kilobytes.
  private func pullAll(_ fixture: SyncFixture, _ count: Int) throws -> (time: Duration, growth: Int) {
    var memory: [Int] = []
    var result = PullResult()
    let time = try ContinuousClock().measure {
      result = try fixture.pull { pull in pull.progress = { _, _ in memory.append(Self.residentMemory()) } }
    }
    #expect(result.added == count && fixture.server.log.count == 4 + count / 1000)
    return (time, (memory.suffix(4).min() ?? 0) - (memory.prefix(4).max() ?? 0))
  }

  @Test func pullsTwentyThousandRecords() throws {
    let small = try pullAll(fixture(4000), 4000)
    let fixture = try fixture(20_000)
    var large = try pullAll(fixture, 20_000)
    #expect(large.time < small.time * 15, "a record has to cost the same however many there are")
    // The responses with 20,000 records have about 16 MB. Other tests run in this process, hence several attempts.
    for _ in 0..<2 where large.growth > 6000 { large = try pullAll(self.fixture(20_000), 20_000) }
    #expect(large.growth <= 6000)

    fixture.clock.now += 1_000_000
    for number in 0..<10 { try fixture.putLogin(Self.id(number * 7)) }
    let result = try fixture.pull()
    #expect(result.changed == 10 && result.requests == 2 && result.totalLogins == 20_000)
  }
}
