import Foundation

@testable import LockwiseCore

/// The acknowledged changes, each with the state that its author knew.
///
/// A change may be superseded only by one whose author knew at least as much. A password is never replaced by one that
/// it replaced, and a deletion is undone only by a change that its author had not seen.
struct SweepHistory {
  private struct Deletion {
    /// The number of the vault in which it was made.
    let vault: Int
    /// The part of `changes` that its author knew.
    let known: Set<String>
  }

  /// The passwords that a password replaced, directly or not, by GUID and password.
  private var superseded: [String: [String: Set<String>]] = [:]
  /// Every acknowledged password and member, by GUID.
  private var changes: [String: Set<String>] = [:]
  /// The deletions, by GUID.
  private var deletions: [String: [Deletion]] = [:]
  /// The passwords that each vault has had, by GUID, since it last lacked the login.
  private var seen: [Int: [String: Set<String>]] = [:]
  private(set) var count = 0

  mutating func setPassword(_ new: String, of login: LoginRecord, in vault: Int) {
    seen[vault, default: [:]][login.guid, default: []].insert(new)
    let old = login.password.exposedText() ?? ""
    superseded[login.guid, default: [:]][new] = (superseded[login.guid]?[old] ?? []).union([old])
    changes[login.guid, default: []].insert(new)
    count += 1
  }

  mutating func setMember(_ name: String, of guid: String) {
    changes[guid, default: []].insert(name)
    count += 1
  }

  mutating func delete(_ login: LoginRecord, in vault: Int) {
    // Another client's version may come back, with an older password.
    seen[vault]?[login.guid] = nil
    let password = login.password.exposedText() ?? ""
    let known = (superseded[login.guid]?[password] ?? []).union([password]).union(login.unknownMembers.map(\.name))
    deletions[login.guid, default: []].append(Deletion(vault: vault, known: known))
    count += 1
  }

  /// Returns whether a client deleted the login.
  func isDeleted(_ guid: String) -> Bool { deletions[guid] != nil }

  /// Records the logins of a vault after a run.
  ///
  /// - Parameters:
  ///   - logins: the vault's logins, by GUID.
  ///   - vault: the vault's number.
  ///   - keepsDeletions: whether the storage kept all deletions.
  /// - Returns: the changes that the vault had and has lost. Later changes would hide them.
  mutating func observe(_ logins: [String: LoginRecord], in vault: Int, keepsDeletions: Bool) -> [String] {
    var losses: [String] = []
    seen[vault] = seen[vault]?.filter { logins[$0.key] != nil }
    for (guid, login) in logins {
      let password = login.password.exposedText() ?? ""
      for earlier in seen[vault]?[guid] ?? [] where superseded[guid]?[earlier]?.contains(password) == true {
        losses.append("\(guid) in vault \(vault): \(password) came back, though \(earlier) took its place")
      }
      seen[vault, default: [:]][guid, default: []].insert(password)
      // A deletion made in the other vault may not have arrived here yet.
      if keepsDeletions, knowingDeletions(of: guid).contains(where: { $0.vault == vault }) {
        losses.append("\(guid) is in vault \(vault) again, though nothing about it was new")
      }
    }
    return losses.sorted()
  }

  /// Returns the changes that were lost or undone.
  ///
  /// - Parameters:
  ///   - server: the logins at the end, by GUID.
  ///   - keepsDeletions: whether the storage kept all deletions.
  func losses(in server: [String: [String: Any]], keepsDeletions: Bool) -> [String] {
    var losses: [String] = []
    for (guid, known) in changes {
      guard let record = server[guid] else {
        if !isDeleted(guid) { losses.append("\(guid) is gone, and nobody deleted it") }
        continue
      }
      let password = record["password"] as? String ?? ""
      for (new, old) in superseded[guid] ?? [:] where old.contains(password) && !isDeleted(guid) {
        losses.append("\(guid): \(password) came back, though \(new) took its place")
      }
      let lost = known.filter { $0.hasPrefix("n") && record[$0] == nil }
      if !lost.isEmpty, !isDeleted(guid) { losses.append("\(guid) lost \(lost.sorted())") }
    }
    for guid in deletions.keys where keepsDeletions && server[guid] != nil {
      for _ in knowingDeletions(of: guid) {
        losses.append("\(guid) came back, though whoever deleted it knew everything about it")
      }
    }
    return losses.sorted()
  }

  /// Returns the deletions of a login whose author knew every change of it.
  private func knowingDeletions(of guid: String) -> [Deletion] {
    deletions[guid, default: []].filter { (changes[guid] ?? []).isSubset(of: $0.known) }
  }
}
