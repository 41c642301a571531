import Foundation
import LockwiseTestSupport
import Synchronization
import Testing

@testable import LockwiseHostSupport

extension InteropTests {
  /// A vault whose logins come from the profile of a real Firefox that changes them meanwhile.
  @Suite(.serialized) final class FollowingTests {
    private let scratch: Scratch
    private let firefox: FirefoxProcess
    private let reading: FirefoxProfileReading

    init() throws {
      scratch = try Scratch()
      firefox = try FirefoxProcess(in: scratch.root)
      reading = FirefoxProfileReading(firefox: firefox, scratch: scratch.root + "/home")
    }

    private func sync(_ arguments: String...) throws -> Run {
      try Run.program(Executables.path("lockwise-sync"), arguments, environment: scratch.environment)
    }

    /// The vault's records, as JSON with sorted names.
    private func records() throws -> [String] {
      let text = try sync("export", "--format", "json", "--yes", "-o", "-").expectSuccess().output
      let records = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
      return try records.map { try FirefoxProfileReading.sorted($0) }.sorted()
    }

    /// The number of pulls so far, and what went wrong.
    private final class Pulls: Sendable {
      let isOver = Mutex(false)
      let outcome = Mutex((count: 0, problems: [String]()))
    }

    private func pullRepeatedly(_ pulls: Pulls) -> Thread {
      let environment = scratch.environment
      let thread = Thread {
        while !pulls.isOver.withLock({ $0 }) {
          let run = try? Run.program(Executables.path("lockwise-sync"), ["pull"], environment: environment)
          pulls.outcome.withLock { outcome in
            outcome.count += 1
            guard run?.status != 0 || run?.error.isEmpty != true || run?.output.contains("set aside") != false else {
              return
            }
            outcome.problems.append("\(run?.output ?? "?") \(run?.error ?? "")")
          }
        }
        pulls.isOver.withLock { $0 = true }
      }
      thread.start()
      return thread
    }

    @Test(.timeLimit(.minutes(5))) func followsAFirefoxThatWrites() throws {
      var random = TestSeed.generator()
      try firefox.start()
      try reading.add(ExpectedLogin.all().map(\.fields))
      try reading.awaitSaved()
      let login = try sync("login", "--local", "--key-file", scratch.keyFile, firefox.profile).expectSuccess()
      #expect(login.error.contains("the vault has 46 logins"), "\(login.error)")
      #expect(try records() == reading.listed())

      let pulls = Pulls()
      let thread = pullRepeatedly(pulls)
      var guids = try firefox.loginRecords().compactMap { $0["id"] as? String }
      for number in 0..<200 {
        let pick = Int.random(in: 0..<guids.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
          guids.append(
            try firefox.addLogin([
              "hostname": "https://new\(number).example", "formSubmitURL": "", "username": "user \(number)",
              "password": "pässword \(number)",
            ]))
        case 1: try firefox.editLogin(guids[pick], ["password": "changed \(number)"])
        default: try firefox.deleteLogin(guids.remove(at: pick))
        }
        if number % 5 == 0 { try reading.awaitSaved() }
        usleep(20_000)
      }
      pulls.isOver.withLock { $0 = true }
      while thread.isExecuting { usleep(10_000) }
      let outcome = pulls.outcome.withLock { $0 }
      #expect(outcome.problems.isEmpty && outcome.count > 5, "\(outcome)")

      try reading.awaitSaved()
      try sync("pull").expectSuccess()
      #expect(try records() == reading.listed())
      try firefox.stop()
      let before = try reading.listing()
      try sync("pull").expectSuccess()
      #expect(try records().count == guids.count)
      #expect(try reading.listing() == before, "the profile was changed")
    }
  }
}
