import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests {
  /// Two Firefoxes and two vaults change the same logins at random. None creates a login that another has: if a Firefox
  /// drops a duplicate, other Firefoxes keep it (`ForeignLoginTests`), and our programs cannot make them agree.
  @Suite(.serialized, .sharedFixture(firefoxes: 2, vaults: 2)) struct ConvergenceTests {
    private let fixture: InteropFixture

    init() throws { fixture = try SharedInteropFixture.ofSuite() }

    /// `LOCKWISE_TEST_SEED` repeats a run. The default seed is fixed, so that a failure is not random.
    private static var seed: UInt64 {
      ProcessInfo.processInfo.environment["LOCKWISE_TEST_SEED"].flatMap { UInt64($0) } ?? 1898
    }

    @Test func convergesWithTwoFirefoxesAndTwoVaults() throws {
      print("seed \(Self.seed) (LOCKWISE_TEST_SEED)")
      var generator = SeededGenerator(seed: Self.seed)
      var history: [String] = []
      let sides: [any Side] =
        fixture.firefoxes.map { FirefoxSide(firefox: $0) }
        + fixture.vaults.map { VaultSide(fixture: fixture, vault: $0) }
      for number in 0..<200 {
        let index = Int.random(in: 0..<sides.count, using: &generator)
        let step = try Step(of: sides[index], number: number, using: &generator)
        history.append("\(number) \(index) \(step)")
        do { try step.run(on: sides[index]) } catch {
          Issue.record("\(error) after\n\(history.joined(separator: "\n"))")
          return
        }
      }
      for _ in 0..<2 { try fixture.syncAll() }
      try fixture.expectAgreement()
      let logins = try fixture.stored()
      #expect(Set(logins.values.map(\.key)).count == logins.count, "two of one login")
      print("\(logins.count) logins, \(try fixture.tombstones().count) tombstones")
    }
  }
}

/// A client that changes logins and syncs.
private protocol Side {
  func logins() throws -> SyncedLogins
  func add(_ members: [String: Any]) throws
  /// - Parameter changes: `username` or `password`.
  func edit(_ id: String, _ changes: [String: String]) throws
  func delete(_ id: String) throws
  func sync() throws
}

private struct FirefoxSide: Side {
  let firefox: FirefoxProcess

  func logins() throws -> SyncedLogins { try firefox.syncedLogins() }
  func add(_ members: [String: Any]) throws { try firefox.addLogin(members) }
  func edit(_ id: String, _ changes: [String: String]) throws { try firefox.editLogin(id, changes) }
  func delete(_ id: String) throws { try firefox.deleteLogin(id) }
  func sync() throws { try firefox.sync() }
}

/// A vault whose changes wait until it syncs.
private struct VaultSide: Side {
  let fixture: InteropFixture
  let vault: TestHome

  func logins() throws -> SyncedLogins { try vault.syncedLogins() }
  func add(_ members: [String: Any]) throws { try fixture.offline { try vault.put([members], status: 4) } }
  func edit(_ id: String, _ changes: [String: String]) throws {
    try fixture.offline { try vault.change(id, changes, status: 4) }
  }
  func delete(_ id: String) throws { try fixture.offline { try vault.delete(id, status: 4) } }
  func sync() throws { try vault.pull() }
}

extension SyncedLogin {
  /// The members that make two records one login for Firefox.
  fileprivate var key: String {
    ["hostname", "formSubmitURL", "httpRealm", "username"].map(text).joined(separator: " ")
  }
}

/// An operation of a client.
private enum Step: CustomStringConvertible {
  case add(host: String, username: String, password: String)
  case edit(id: String, changes: [String: String])
  case delete(id: String)
  case sync

  /// Chooses a possible operation.
  init(of side: any Side, number: Int, using generator: inout SeededGenerator) throws {
    let login = try side.logins().values.sorted { $0.key < $1.key }.randomElement(using: &generator)
    let host = "https://host\(Int.random(in: 0..<8, using: &generator)).example"
    switch (Int.random(in: 0..<100, using: &generator), login) {
    case (..<25, _), (..<80, nil): self = .add(host: host, username: "user \(number)", password: "password \(number)")
    case (25..<50, let login?): self = .edit(id: login.id, changes: ["password": "password \(number)"])
    case (50..<60, let login?): self = .edit(id: login.id, changes: ["username": "user \(number)"])
    case (60..<72, let login?): self = .delete(id: login.id)
    default: self = .sync
    }
  }

  private static func members(_ host: String, _ username: String) -> [String: Any] {
    ["hostname": host, "httpRealm": "git", "username": username]
  }

  func run(on side: any Side) throws {
    switch self {
    case .add(let host, let username, let password):
      try side.add(Self.members(host, username).merging(["password": password]) { $1 })
    case .edit(let id, let changes): try side.edit(id, changes)
    case .delete(let id): try side.delete(id)
    case .sync: try side.sync()
    }
  }

  var description: String {
    switch self {
    case .add(let host, let username, let password): "add \(host) \(username) \(password)"
    case .edit(let id, let changes): "edit \(id) \(changes)"
    case .delete(let id): "delete \(id)"
    case .sync: "sync"
    }
  }
}
