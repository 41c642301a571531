import Foundation
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseHostSupport

extension TestHome {
  /// Returns the logins in the vault's file by id.
  func syncedLogins() throws -> SyncedLogins {
    let file = try VaultFile(in: VaultDirectory(path: scratch.vault), access: .reading)
    let vault = try file.unlock(#require(file.slots().first), with: Unlocker.readKeyFile(scratch.keyFile))
    var logins: SyncedLogins = [:]
    try vault.forEachLogin { record in
      let data = record.json.withUnsafeBytes { Data($0) }
      var members = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
      members["id"] = record.guid
      logins[record.guid] = SyncedLogin(members)
    }
    return logins
  }

  /// Writes logins as `lockwise-sync put passwords` does.
  ///
  /// - Parameter status: the expected exit status; 4 if the server cannot be reached and the change waits in the vault.
  /// - Returns: the ids.
  @discardableResult
  func put(
    _ logins: [[String: Any]], status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String] {
    let input = String(decoding: try JSONSerialization.data(withJSONObject: logins), as: UTF8.self)
    let run = try sync("put", "passwords", input: .text(input))
    #expect(run.status == status, "\(run.error)", sourceLocation: sourceLocation)
    return run.lines
  }

  /// Changes members of a login of the vault.
  func change(
    _ id: String, _ changes: [String: Any], status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let members = try #require(try syncedLogins()[id], sourceLocation: sourceLocation).members
    try put([members.merging(changes) { $1 }], status: status, sourceLocation: sourceLocation)
  }

  /// Deletes a login.
  func delete(_ id: String, status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let run = try sync("delete", "passwords", id)
    #expect(run.status == status, "\(run.error)", sourceLocation: sourceLocation)
  }

  /// Pulls and pushes.
  func pull(sourceLocation: SourceLocation = #_sourceLocation) throws {
    try sync("pull").expectSuccess(sourceLocation: sourceLocation)
  }

  /// Returns the password that git gets.
  func password(for url: String) throws -> String? {
    try get("url=\(url)\n\n").password
  }
}
