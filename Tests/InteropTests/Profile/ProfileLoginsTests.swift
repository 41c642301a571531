import Foundation
import LockwiseTestSupport
import Synchronization
import Testing

@testable import LockwiseAccounts
@testable import LockwiseCore
@testable import LockwiseHostSupport

extension InteropTests {
  /// The logins of a real Firefox, read from its profile.
  @Suite(.serialized) final class ProfileLoginsTests {
    private static let primaryPassword = "Curie & söhne"

    private let scratch: Scratch
    private let firefox: FirefoxProcess
    private let reading: FirefoxProfileReading

    init() throws {
      scratch = try Scratch()
      firefox = try FirefoxProcess(in: scratch.root)
      reading = FirefoxProfileReading(firefox: firefox, scratch: scratch.root + "/home")
    }

    /// The fixture's logins with the members that Firefox does not support on every third of them.
    private func fixture() throws -> [[String: Any]] {
      try ExpectedLogin.all().enumerated().map { index, login in
        var fields = login.fields
        if index % 3 == 0, fields["unknownFields"] is NSNull {
          fields["unknownFields"] = [
            "lockwise": ["notes": "Zeile “\(index)”\nzwei"], "x": [1, 2.5, NSNull()] as [Any],
          ]
        } else if let text = fields["unknownFields"] as? String {
          fields["unknownFields"] = try JSONSerialization.jsonObject(with: Data(text.utf8))
        }
        return fields
      }
    }

    @Test(arguments: ["", primaryPassword])
    func readsWhatFirefoxLists(password: String) throws {
      try firefox.start()
      FirefoxVersion.note(try firefox.version())
      if !password.isEmpty { try firefox.setPrimaryPassword(to: password) }
      try reading.add(fixture())
      try reading.awaitSaved()
      let listed = try reading.listed()
      #expect(listed.count == 46)

      // Firefox runs.
      #expect(try reading.logins(password) == listed)
      let profile = try ProfileLogins(of: firefox.profile, copyIn: [reading.scratch])
      #expect(try profile.hasPrimaryPassword == !password.isEmpty)
      if !password.isEmpty {
        #expect(throws: FirefoxError.wrongPrimaryPassword) { try reading.logins() }
        // The primary password is changed, and removed. A key that was kept remains valid.
        let kept = try profile.key(primaryPassword: SecretBytes(utf8: password)).secret
        try firefox.setPrimaryPassword(from: password, to: "another")
        #expect(throws: FirefoxError.wrongPrimaryPassword) { try reading.logins(password) }
        #expect(try reading.logins("another") == listed)
        _ = try ProfileLogins(of: firefox.profile, copyIn: [reading.scratch]).key(kept: kept)
        try firefox.setPrimaryPassword(from: "another", to: password)
      }
      // Changes and deletions.
      let records = try firefox.loginRecords()
      let ids = records.compactMap { $0["id"] as? String }
      try firefox.editLogin(ids[0], ["password": "changed “here”", "username": "another"])
      try firefox.deleteLogin(ids[1])
      try reading.awaitSaved()
      let changed = try reading.listed()
      #expect(changed != listed && changed.count == 45)
      #expect(try reading.logins(password) == changed)
      try firefox.stop()

      // Firefox does not run.
      let before = try reading.listing()
      let version = ProfileVersion.of(firefox.profile)
      #expect(try reading.logins(password) == changed)
      #expect(try reading.listing() == before, "the profile was changed")
      #expect(ProfileVersion.of(firefox.profile) == version)

      // It starts again, and lists the same.
      try firefox.start()
      if password.isEmpty { #expect(try reading.listed() == changed) }
      try firefox.stop()
      #expect(try reading.logins(password) == changed)
    }

    /// Firefox adds, edits and removes logins while they are read repeatedly.
    @Test func readsWhileFirefoxWrites() throws {
      try firefox.start()
      try reading.add(fixture())
      try reading.awaitSaved()
      let isOver = Mutex(false)
      let counts = Mutex<[Int]>([])
      let (profile, folder) = (firefox.profile, reading.scratch)
      let finished = DispatchGroup()
      DispatchQueue.global().async(group: finished) {
        while !isOver.withLock({ $0 }) {
          do {
            let count = try FirefoxProfileReading.logins(in: profile, scratch: folder).count
            counts.withLock { if $0.last != count { $0.append(count) } }
          } catch {
            Issue.record("\(error)")
            return
          }
        }
      }
      var random = TestSeed.generator()
      for number in 0..<200 {
        let ids = try firefox.loginRecords().compactMap { $0["id"] as? String }
        switch Int.random(in: 0..<3, using: &random) {
        case 0: try firefox.deleteLogin(ids[Int.random(in: 0..<ids.count, using: &random)])
        case 1:
          try firefox.editLogin(ids[Int.random(in: 0..<ids.count, using: &random)], ["password": "edit \(number)"])
        default:
          try firefox.addLogin(
            .init(origin: "https://new\(number).example", realm: nil, username: "u", password: "new \(number)"))
        }
        // Firefox writes the file a second after a change at the earliest; here at each third.
        if number % 3 == 2 { try reading.awaitSaved() }
      }
      isOver.withLock { $0 = true }
      finished.wait()
      try reading.awaitSaved()
      #expect(try reading.logins() == reading.listed())
      let states = counts.withLock { $0 }
      #expect(states.count > 3, "the file has hardly changed: \(states)")
      try firefox.stop()
      #expect(try FileManager.default.contentsOfDirectory(atPath: reading.scratch) == [])
    }
  }
}
