import Foundation
import LockwiseCore
import LockwiseSync
import Testing

@Suite struct ScaleTests {
  /// Kilobytes of memory in use (proc_pid_status(5), VmRSS).
  private static func residentMemory() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return Int(line.filter(\.isNumber)) ?? 0
  }

  private func world(_ count: Int) throws -> World {
    let world = try World()
    world.mirror.keepsLogins = false
    // One ciphertext for all, since encrypting 20,000 would be most of the test: so no id inside.
    let text = World.login("x", password: String(repeating: "p", count: 20))
    let payload = try world.encrypt(text.replacing("\"id\":\"x\",", with: ""))
    for number in 0..<count { world.server.put("login-\(number)", in: "passwords", payload) }
    return world
  }

  /// Pulls everything and tells how long it took and by how many kilobytes memory grew after the first pages.
  private func pullAll(_ world: World, _ count: Int) throws -> (time: Duration, growth: Int) {
    var memory: [Int] = []
    var result = PullResult()
    let time = try ContinuousClock().measure {
      result = try world.pull { pull in pull.progress = { _, _ in memory.append(Self.residentMemory()) } }
    }
    #expect(result.added == count && world.server.log.count == 4 + count / 1000)
    return (time, (memory.suffix(4).min() ?? 0) - (memory.prefix(4).max() ?? 0))
  }

  @Test func twentyThousandRecords() throws {
    let small = try pullAll(world(4000), 4000)
    let world = try world(20_000)
    var large = try pullAll(world, 20_000)
    #expect(large.time < small.time * 15, "a record has to cost the same however many there are")
    // 20,000 records are some 16 MB as they come. Other tests run in this process, hence more than one try.
    for _ in 0..<2 where large.growth > 6000 { large = try pullAll(self.world(20_000), 20_000) }
    #expect(large.growth <= 6000)

    world.clock.now += 1_000_000
    for number in 0..<10 { try world.putLogin("login-\(number * 7)") }
    let result = try world.pull()
    #expect(result.changed == 10 && result.requests == 2 && result.totalLogins == 20_000)
  }
}
