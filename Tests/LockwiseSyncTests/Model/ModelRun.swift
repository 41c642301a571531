import Foundation
import LockwiseCore
import LockwiseSync
import Testing

/// A run of a list of operations, which returns the errors in its result.
final class ModelRun {
  private let server: any ModelServer
  private let devices: [ModelActor: ModelDevice]
  private let firefox: ModelFirefox
  private var model = ReferenceModel()
  private var number = 0

  private static let targets: [LoginTarget] = [.realm("r"), .form("https://form.example"), .form("")]

  /// Returns the errors after these operations.
  static func problems(of operations: [ModelOperation], against server: any ModelServer) -> [String] {
    do {
      let run = try ModelRun(server)
      for operation in operations { try run.apply(operation) }
      return try run.settle()
    } catch {
      return ["unexpected: \(error)"]
    }
  }

  private init(_ server: any ModelServer) throws {
    self.server = server
    devices = [.a: try ModelDevice(server), .b: try ModelDevice(server)]
    firefox = ModelFirefox(server: server)
    firefox.discarded = { [unowned self] in model.excuse($0) }
    firefox.united = { [unowned self] in model.unite($0, into: $1) }
  }

  private var now: Milliseconds { server.clock.now }

  private func records(of actor: ModelActor) throws -> [String: ModelRecord] {
    try devices[actor]?.records() ?? firefox.logins
  }

  /// All passwords are different, so that this order is the same in every run although GUIDs are random.
  private func picked(_ actor: ModelActor, _ pick: Int) throws -> (id: String, record: ModelRecord)? {
    let sorted = try records(of: actor).sorted { ($0.value.key, $0.value.password) < ($1.value.key, $1.value.password) }
    return sorted.isEmpty ? nil : (sorted[pick % sorted.count].key, sorted[pick % sorted.count].value)
  }

  private func apply(_ operation: ModelOperation) throws {
    number += 1
    try server.advance(1000)
    switch operation {
    case .add(let actor, let site, let user): try add(actor, site: site, user: user)
    case .password(let actor, let pick):
      guard let (id, record) = try picked(actor, pick) else { return }
      try devices[actor]?.change(id) { $0.password = SecretBytes(utf8: "p\(number)") }
      if actor == .firefox { firefox.change(id, "password", to: "p\(number)") }
      model.excuse([record.password])
      model.supersede(record.password, by: "p\(number)", id: id)
      model.write("p\(number)", id: id, key: record.key, by: actor, at: now)
    case .note(let actor, let pick): try setMember(actor, pick, "note-\(number)", isFact: true)
    case .shared(let actor, let pick): try setMember(actor, pick, "shared", isFact: false)
    case .rename(let actor, let pick, let user): try rename(actor, pick, to: "user\(user)")
    case .delete(let actor, let pick):
      guard let (id, record) = try picked(actor, pick) else { return }
      try devices[actor]?.delete(id)
      if actor == .firefox { firefox.delete(id) }
      model.delete(id: id, seen: record.facts, by: actor, at: now)
    case .sync(let actor): try sync(actor)
    case .disturbedSync(let actor, let fault, let request):
      try followingIDs(of: actor) {
        try? devices[actor]?.push(fault, request: request)
        if fault == .killed { try devices[actor]?.restart() }
      }
      model.sync(of: actor, waiting: model.waiting(actor), at: now)
    case .restart(let actor): try devices[actor]?.restart()
    case .limits(let records, let hasBatches, let isTold):
      try server.setLimits(records: records, hasBatches: hasBatches, isTold: isTold)
    case .wait(let seconds): try server.advance(Milliseconds(Seconds(seconds)))
    }
  }

  private func add(_ actor: ModelActor, site: Int, user: Int) throws {
    let draft = LoginDraft(
      origin: "https://site\(site / 2).example", target: Self.targets[site % 3], username: "user\(user)",
      password: SecretBytes(utf8: "p\(number)"))
    let id = actor == .firefox ? "{\(UUID().uuidString.lowercased())}" : ""
    var record = try ModelRecord(text: draft.record(guid: id.isEmpty ? "x" : id, now: now).json)
    let known = try records(of: actor).filter { $0.value.key == record.key }
    model.excuse(Set(known.map(\.value.password)))
    var made = known.first?.key ?? id
    if let device = devices[actor] {
      made = try device.add(draft).guid
    } else if let known = known.first {
      firefox.change(known.key, "password", to: "p\(number)")
    } else {
      record["id"] = id
      firefox.add(record, id: id)
    }
    model.write("p\(number)", id: made, key: record.key, by: actor, at: now)
  }

  private func setMember(_ actor: ModelActor, _ pick: Int, _ name: String, isFact: Bool) throws {
    guard let (id, record) = try picked(actor, pick) else { return }
    try devices[actor]?.change(id) { $0.members = [(name, SecretBytes(utf8: "[\(number),null]"))] }
    if actor == .firefox {
      // Firefox cannot change such a member, so it changes the name of a field.
      firefox.change(id, "usernameField", to: "field\(number)")
    }
    if isFact, actor != .firefox {
      model.write(name, id: id, key: record.key, by: actor, at: now)
    } else {
      model.touch(id: id, key: record.key, by: actor, at: now)
    }
  }

  private func rename(_ actor: ModelActor, _ pick: Int, to name: String) throws {
    guard let (id, record) = try picked(actor, pick) else { return }
    let key = record.merging(["username": name]) { $1 }.key
    if let device = devices[actor] {
      do { try device.change(id) { $0.username = name } } catch LoginEditor.Failure.duplicate { return }
    } else {
      guard firefox.sameLogin(as: key, except: id) == nil else { return }
      firefox.change(id, "username", to: name)
    }
    model.rename(id: id, from: record.key, to: key, by: actor, at: now)
  }

  private func sync(_ actor: ModelActor) throws {
    if actor == .firefox {
      try firefox.sync()
    } else {
      try followingIDs(of: actor) { try devices[actor]?.push() }
    }
    model.sync(of: actor, waiting: try waiting(actor), at: now)
  }

  /// The ids whose changes the client has not uploaded.
  private func waiting(_ actor: ModelActor) throws -> Set<String> {
    guard let device = devices[actor] else { return firefox.waiting }
    return Set(try device.vault.outbox().map(\.guid))
  }

  /// A local login with an incoming id is the same login.
  private func followingIDs(of actor: ModelActor, _ work: () throws -> Void) throws {
    let before = try records(of: actor)
    try work()
    let after = try records(of: actor)
    for (id, record) in before where after[id] == nil {
      for (new, other) in after where new != id && other.key == record.key {
        model.unite(id, into: new)
      }
    }
  }

  /// Syncs all actors until none has changes; then all must agree.
  ///
  /// A server that accepts only some of Firefox's records can be left as it was, because these say what it has, while the
  /// others still wait.
  private func settle() throws -> [String] {
    var before: [String: String]?
    var after = try server.contents().mapValues(\.text)
    for _ in 0..<12 where before != after || !firefox.waiting.isEmpty {
      before = after
      for actor in ModelActor.allCases {
        try server.advance(3_600_000)
        try sync(actor)
      }
      after = try server.contents().mapValues(\.text)
    }
    var problems = before == after && firefox.waiting.isEmpty ? [] : ["no end of changes"]
    let server = try server.contents()
    for actor in ModelActor.allCases {
      let own = try records(of: actor)
      for id in Set(own.keys).union(server.keys).sorted() where own[id]?.text != server[id]?.text {
        // Firefox removed the record as a duplicate of a login that has changed since, which is no longer visible.
        if server[id] == nil, firefox.forgotten.contains(id), let key = own[id]?.key,
          !server.values.contains(where: { $0.key == key })
        {
          continue
        }
        problems.append("\(actor) differs in \(id): \(own[id]?.text ?? "-"), server: \(server[id]?.text ?? "-")")
      }
    }
    for (actor, device) in devices where try !device.vault.outbox().isEmpty {
      problems.append("\(actor) has changes left")
    }
    return problems + model.problems(with: server)
  }
}
