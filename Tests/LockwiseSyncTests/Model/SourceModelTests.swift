import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSync

/// A vault that changes between a profile and an account, while both change too, loses nothing.
///
/// `LOCKWISE_TEST_SEED` repeats a run.
@Suite struct SourceModelTests {
  @Test func changingTheSourceLosesNothing() throws {
    let seed = TestSeed.seed(for: "sources")
    for run in 0..<20 {
      var random = SeededGenerator(seed: seed &+ UInt64(run))
      let model = try SourceModel()
      for _ in 0..<60 { try model.step(&random) }
      let missing = try model.missing()
      #expect(missing.isEmpty, "seed \(seed), run \(run)\n\(model.journal)")
    }
  }
}

/// A profile, an account with another device, and a vault that takes its logins from either.
private final class SourceModel {
  private let server: MemoryModelServer
  private let vault: ModelDevice
  private let other: ModelDevice
  private var profile: [String: ModelRecord] = [:]
  private var isLocal = true
  private var number = 0
  /// The passwords that must be in the vault in the end, with the GUIDs of their logins.
  private var facts: [String: String] = [:]
  private var deleted: Set<String> = []
  private(set) var journal = ""

  init() throws {
    server = try MemoryModelServer()
    vault = try ModelDevice(server)
    other = try ModelDevice(server)
  }

  /// Makes one random change or synchronization.
  func step(_ random: inout SeededGenerator) throws {
    number += 1
    server.advance(1000)
    let kind = Int.random(in: 0..<12, using: &random)
    let pick = Int.random(in: 0..<100, using: &random)
    journal += "\(number): \(kind) \(pick)\(isLocal ? " local" : "")\n"
    switch kind {
    case 0: try add("https://site\(pick % 4).example", to: nil)
    case 1: try add("https://site\(pick % 4).example", to: vault)
    case 2: try add("https://site\(pick % 4).example", to: other)
    case 3: changeProfile(pick)
    case 4: try change(vault, pick)
    case 5: try change(other, pick)
    case 6: try delete(pick)
    case 7, 8: try sync()
    case 9: try other.push()
    default:
      isLocal.toggle()
      try sync()
    }
  }

  private func add(_ origin: String, to device: ModelDevice?) throws {
    let draft = LoginDraft(
      origin: origin, target: .form(""), username: "u\(number)", password: SecretBytes(utf8: "p\(number)"))
    if let device {
      facts["p\(number)"] = try device.add(draft).guid
    } else {
      let guid = "{profile-\(number)}"
      facts["p\(number)"] = guid
      profile[guid] = try ModelRecord(text: draft.record(guid: guid, now: server.clock.now).json)
    }
  }

  private func changeProfile(_ pick: Int) {
    let guids = profile.keys.sorted()
    guard !guids.isEmpty, let old = profile[guids[pick % guids.count]] else { return }
    replace(old, of: guids[pick % guids.count])
    profile[guids[pick % guids.count]]?["password"] = "p\(number)"
    profile[guids[pick % guids.count]]?["timePasswordChanged"] = server.clock.now.rawValue
  }

  private func change(_ device: ModelDevice, _ pick: Int) throws {
    let records = try device.records().sorted { $0.value.password < $1.value.password }
    guard !records.isEmpty else { return }
    let (guid, old) = records[pick % records.count]
    replace(old, of: guid)
    try device.change(guid) { $0.password = SecretBytes(utf8: "p\(number)") }
  }

  /// Records a new password. Its author has seen the old one, which the login's history keeps nevertheless.
  private func replace(_ old: ModelRecord, of guid: String) {
    facts[old.password] = nil
    facts["p\(number)"] = guid
  }

  /// Deletes a login in the profile or on the other device. A deletion that arrives later than a change wins.
  private func delete(_ pick: Int) throws {
    if pick % 2 == 0 {
      let guids = profile.keys.sorted()
      guard !guids.isEmpty else { return }
      profile[guids[pick % guids.count]] = nil
      deleted.insert(guids[pick % guids.count])
    } else {
      let records = try other.records().sorted { $0.value.password < $1.value.password }
      guard !records.isEmpty else { return }
      deleted.insert(records[pick % records.count].key)
      try other.delete(records[pick % records.count].key)
    }
  }

  /// Takes the logins of the present source.
  private func sync() throws {
    guard isLocal else { return try vault.push() }
    let now = server.clock.now
    let source = LocalSource(FirefoxProfile(name: "p", directory: "/profile", isDefault: true))
    let pull = LocalPull(source: source, mirror: vault.vault) { now }
    _ = try pull.apply(
      LocalPull.Reading(count: profile.count, version: ProfileVersion.of("/nonexistent")) { [profile] body in
        for (guid, record) in profile.sorted(by: { $0.key < $1.key }) {
          try body(.login(LoginRecord(json: SecretBytes(utf8: record.text), bsoID: guid)))
        }
      }, now)
    vault.forgetRecords()
  }

  /// Returns the facts that the vault lacks after it has seen both sources.
  func missing() throws -> [String] {
    for _ in 0..<3 {
      for local in [true, false] {
        server.advance(10_000)
        isLocal = local
        try sync()
        try other.push()
      }
    }
    let kept = try vault.records().values.reduce(into: Set<String>()) { $0.formUnion($1.facts) }
    return facts.filter { !kept.contains($0.key) && !deleted.contains($0.value) }.keys.sorted()
  }
}
