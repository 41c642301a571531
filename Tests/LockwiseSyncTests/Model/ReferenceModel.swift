import LockwiseCore

/// The possible results of a list of operations, in whatever order clients sync. It is independent of the rules of
/// merging.
///
/// Every password and note is a fact. A fact must be on the server in the end unless a client that saw it replaced or
/// deleted it, its login was deleted later, or Firefox, which compares whole records, dropped it.
struct ReferenceModel {
  private struct Write {
    let id: String
    let key: String
    let actor: ModelActor
    let time: Milliseconds
    let fact: String
    let isNamed: Bool
  }

  private struct Deletion {
    let id: String
    let actor: ModelActor
    let time: Milliseconds
    let seen: Set<String>
  }

  /// The passwords that a password replaced, directly or not, by id and password.
  private var superseded: [String: [String: Set<String>]] = [:]
  private var writes: [Write] = []
  private var deletions: [Deletion] = []
  /// The deletions whose upload by their client is not certain.
  private var pending: [ModelActor: Set<String>] = [:]
  /// The latest time at which a tombstone of an id may have been uploaded.
  private var tombstones: [String: Milliseconds] = [:]
  private var united: [String: Set<String>] = [:]
  private var excused: Set<String> = []
  /// The logins before and after a new user name. Firefox may lose that change, and only then may another login have
  /// become the same one.
  private var renamed: Set<String> = []

  /// Records that a client gave a login a password or a note.
  mutating func write(_ fact: String, id: String, key: String, by actor: ModelActor, at time: Milliseconds) {
    writes.append(Write(id: id, key: key, actor: actor, time: time, fact: fact, isNamed: true))
  }

  /// Records that a client replaced a password that it had seen.
  mutating func supersede(_ old: String, by new: String, id: String) {
    superseded[id, default: [:]][new] = (superseded[id]?[old] ?? []).union([old])
  }

  /// Records another change.
  mutating func touch(id: String, key: String, by actor: ModelActor, at time: Milliseconds) {
    writes.append(Write(id: id, key: key, actor: actor, time: time, fact: "", isNamed: false))
  }

  mutating func rename(id: String, from old: String, to key: String, by actor: ModelActor, at time: Milliseconds) {
    touch(id: id, key: key, by: actor, at: time)
    renamed.formUnion([old, key])
  }

  /// Records that a client merged two ids into one login.
  mutating func unite(_ id: String, into other: String) {
    for write in writes where write.id == id {
      writes.append(
        Write(
          id: other, key: write.key, actor: write.actor, time: write.time, fact: write.fact, isNamed: false))
    }
    united[id, default: []].insert(other)
  }

  mutating func excuse(_ facts: Set<String>) { excused.formUnion(facts) }

  mutating func delete(id: String, seen: Set<String>, by actor: ModelActor, at time: Milliseconds) {
    deletions.append(Deletion(id: id, actor: actor, time: time, seen: seen))
    pending[actor, default: []].insert(id)
    excuse(seen)
  }

  /// Records the deletions of a client whose upload is not certain.
  func waiting(_ actor: ModelActor) -> Set<String> { pending[actor] ?? [] }

  /// Records a sync of a client.
  ///
  /// - Parameter waiting: the ids whose changes may not be on the server.
  mutating func sync(of actor: ModelActor, waiting: Set<String>, at time: Milliseconds) {
    for id in pending[actor] ?? [] { tombstones[id] = time }
    pending[actor]?.formIntersection(waiting)
  }

  /// Returns the ids of a login, including later ones.
  private func ids(of id: String) -> Set<String> {
    var ids: Set<String> = [id]
    var new = ids
    while !new.isEmpty {
      new = Set(new.flatMap { united[$0] ?? [] }).subtracting(ids)
      ids.formUnion(new)
    }
    return ids
  }

  /// Returns the errors in the server's logins at the end.
  func problems(with server: [String: ModelRecord]) -> [String] {
    var problems: [String] = []
    let present = server.values.reduce(into: Set<String>()) { $0.formUnion($1.facts) }
    let full = Set(server.filter { $0.value.formerPasswords.count >= 5 }.keys)
    for write in writes where write.isNamed && !present.contains(write.fact) && !excused.contains(write.fact) {
      if ids(of: write.id).contains(where: { tombstones[$0].map { write.time <= $0 } ?? false }) { continue }
      if write.fact.hasPrefix("p"), full.contains(write.id) { continue }
      problems.append("lost: \(write.fact) of \(write.id) (\(write.key)) by \(write.actor)")
    }
    for (id, record) in server {
      // A password that lost must be among the former ones of its login.
      for (new, old) in superseded[id] ?? [:] where old.contains(record.password) && !excused.contains(new) {
        problems.append("undone: \(new) of \(id), by the earlier \(record.password)")
      }
    }
    for deletion in deletions where server[deletion.id] != nil {
      let isRevived = writes.contains {
        ($0.id == deletion.id || $0.key == server[deletion.id]?.key)
          && ($0.time > deletion.time || ($0.actor != deletion.actor && !deletion.seen.contains($0.fact)))
      }
      if !isRevived { problems.append("still there: \(deletion.id), deleted by \(deletion.actor)") }
    }
    for (id, record) in server where !writes.contains(where: { $0.id == id && $0.key == record.key }) {
      problems.append("nobody made \(id) into \(record.key)")
    }
    for (key, group) in Dictionary(grouping: server, by: { $0.value.key }) where group.count > 1 {
      if !renamed.contains(key) { problems.append("doubled: \(key), \(group.map(\.key).sorted())") }
    }
    return problems
  }
}
