import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// Writes the collection `passwords`: to the vault, and from there to the server.
struct LoginWriter {
  let context: SyncContext

  /// Adds and changes logins.
  ///
  /// - Throws: `UserFacingError` if Firefox would refuse one, then none is written; the errors of a push, throws, then
  ///   all are in the vault.
  func put(_ records: [RawRecord], _ mode: RawWriter.Mode) throws {
    // A placeholder for the new id.
    for (index, record) in records.enumerated() where !record.isTombstone {
      do {
        _ = try LoginEditor.record(record.json(withID: true), guid: record.id ?? "{}")
      } catch let error as LoginRecordError {
        let name = record.id ?? "record \(index + 1)"
        throw UserFacingError(
          "\(name) is not a valid login: \(error); nothing was written", exitCode: .usage)
      }
    }
    try change { editor in
      for record in records where mode != .either {
        let isThere = try record.id.map { try editor.login(guid: $0) != nil } ?? false
        guard isThere == (mode == .create) else { continue }
        let refusal: RawWriter.Refusal = mode == .create ? .exists(id: record.id ?? "") : .missing(id: record.id ?? "")
        throw UserFacingError(refusal, in: "passwords")
      }
      // Reported only when all of them are durable.
      let ids = try editor.transaction { editor in try records.compactMap { try write($0, editor) } }
      for id in ids { try StandardOutput.write(SecretBytes(utf8: id + "\n")) }
      return ids
    }
  }

  private func write(_ record: RawRecord, _ editor: LoginEditor) throws -> String? {
    let json = record.json(withID: true)
    do {
      guard let id = record.id, try editor.login(guid: id) != nil else {
        if record.isTombstone { return record.id }
        let login = try editor.add(json: json, guid: record.id)
        if let id = record.id, login.guid != id {
          context.diagnostics.notice("\(id) is the same login as \(login.guid), which was changed instead")
        }
        return login.guid
      }
      if record.isTombstone { try editor.delete(guid: id) } else { try editor.replace(guid: id, json: json) }
      return id
    } catch LoginEditor.Failure.duplicate(let other) {
      throw UserFacingError(
        "Firefox would treat \(record.id ?? "the record") as the same login as \(other); nothing was written",
        hints: ["change \(other) instead, or delete it first"], exitCode: .failure)
    }
  }

  /// Returns the message of an error without the claim that nothing was changed.
  private static func cause(_ error: VaultError) -> String {
    switch error {
    case .diskFull: "the disk is full"
    case .readOnly: "the vault cannot be written"
    default: error.userFacingError.message
    }
  }

  /// Deletes logins.
  ///
  /// - Throws: the errors of a push, throws, then they are deleted in the vault; `ArgumentParser.ExitCode` if one did
  ///   not exist.
  func delete(_ ids: [String]) throws {
    var isComplete = true
    try change { editor in
      try editor.transaction { editor in
        for id in ids {
          do {
            try editor.delete(guid: id)
          } catch LoginEditor.Failure.noSuchLogin {
            context.diagnostics.error("there is no record \(id) in passwords")
            isComplete = false
          }
        }
      }
      return ids
    }
    if !isComplete { throw ArgumentParser.ExitCode(LockwiseCore.ExitCode.failure.rawValue) }
  }

  /// Fetches new records, makes a change, and uploads it. If the server or the profile is not available, the change is
  /// made and waits in the vault.
  ///
  /// - Parameter body: makes the change and returns the GUIDs of the changed logins.
  func change(_ body: (LoginEditor) throws -> [String]) throws {
    guard let session = try SyncSession.open(context, mayBeCovered: false) else { return }
    var trouble: (any Error)?
    do {
      _ = try session.synchronize(isShown: false)
    } catch let error as VaultError {
      throw error
    } catch {
      trouble = error
    }
    let changed = Set(try body(LoginEditor(vault: session.vault, now: context.clock.now)))
    do {
      if let trouble { throw trouble }
      let result = try session.synchronize(isShown: false)
      // A change that an earlier command could not upload is not an error of this one.
      let refused = result.refused.filter { changed.contains($0.key) }
      for (guid, reason) in refused.sorted(by: { $0.key < $1.key }) {
        context.diagnostics.error("the server does not accept login \(guid): \(reason)")
      }
      if !refused.isEmpty { throw ArgumentParser.ExitCode(LockwiseCore.ExitCode.serverState.rawValue) }
    } catch {
      if try session.vault.outboxCount() > 0 {
        var next = " and uploaded by the next pull or push"
        if case .profile = session.source { next = "" }
        context.diagnostics.notice("the change is kept in the vault" + next)
      }
      if let error = error as? VaultError {
        throw UserFacingError(Self.cause(error), exitCode: error.userFacingError.exitCode)
      }
      throw error
    }
  }
}

extension UserFacingError {
  /// Creates the error for a write that the collection's records did not allow.
  init(_ refusal: RawWriter.Refusal, in collection: String) {
    switch refusal {
    case .exists(let id):
      self.init("\(collection) already has a record \(id); nothing was written", exitCode: .failure)
    case .missing(let id):
      self.init("there is no record \(id) in \(collection); nothing was written", exitCode: .failure)
    }
  }
}
