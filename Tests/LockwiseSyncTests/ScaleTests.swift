import Foundation
import LockwiseCore
import LockwiseSync
import Testing

@Suite(.serialized) struct ScaleTests {
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

  private func pullTime(_ count: Int) throws -> Duration {
    let world = try world(count)
    var memory: [Int] = []
    var result = PullResult()
    let time = try ContinuousClock().measure {
      result = try world.pull { pull in pull.progress = { _, _ in memory.append(Self.residentMemory()) } }
    }
    #expect(result.added == count && world.server.log.count == 4 + count / 1000)
    print("pull of \(count): \(time), VmRSS after each page in kB: \(memory)")
    if memory.count > 4 {
      // 20,000 records are some 10 MB as they come; other tests run in this process, hence the room.
      #expect(memory[memory.count - 1] - memory[2] < 8_000)
    }
    return time
  }

  @Test func twentyThousandRecords() throws {
    let small = try pullTime(4000)
    let large = try pullTime(20_000)
    #expect(large < small * 15, "a pull has to cost as much for each record however many there are")
  }

  @Test func tenChangesOfTwentyThousandAreOnePage() throws {
    let world = try world(20_000)
    _ = try world.pull()
    world.clock.now += 1_000_000
    for number in 0..<10 { try world.putLogin("login-\(number * 7)") }
    world.server.clearLog()
    let result = try world.pull()
    #expect(result.changed == 10 && result.requests == 2 && result.totalLogins == 20_000)
  }
}
