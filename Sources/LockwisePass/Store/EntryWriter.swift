import LockwiseCLI
import LockwiseCore

/// Saves bodies of entries.
struct EntryWriter {
  /// The vault.
  let store: PassStore

  private var context: PassContext { store.context }

  /// Changes the body of an entry. The body is read again in the transaction, so that no change by another process is
  /// lost.
  ///
  /// - Parameters:
  ///   - login: the entry.
  ///   - keepsName: whether lines of the new body leave the fields alone that make the entry's name.
  ///   - acceptsSeveralLines: whether the password may have line feeds.
  ///   - change: returns the new body from the present one.
  /// - Throws: `UserFacingError` if the entry was deleted meanwhile; `VaultError`; what `change` throws.
  func change(
    _ login: LoginRecord, keepsName: Bool = false, acceptsSeveralLines: Bool = false,
    _ change: (EntryBody) throws -> EntryBody
  ) throws {
    try store.change { editor in
      try editor.transaction { editor in
        guard let present = try editor.login(guid: login.guid) else {
          throw UserFacingError("the entry was deleted meanwhile", exitCode: .failure)
        }
        let body = try change(EntryBody(of: present))
        let changes = try body.changes(
          to: present, now: context.helper.clock(), keepsName: keepsName, acceptsSeveralLines: acceptsSeveralLines)
        try editor.change(guid: login.guid, changes)
      }
    }
  }

  /// Adds an entry.
  ///
  /// A name that is not web-like, with a `login:` and a `url:` line in the body, becomes the own name of that site's
  /// login. If the vault has that login already, it takes name and notes if its password is the same; otherwise the
  /// entry is a free one.
  ///
  /// - Parameters:
  ///   - name: the name as it was typed. There must be no entry of this name.
  ///   - isFree: whether the lines of the body do not matter.
  /// - Throws: `UserFacingError` if the name is not possible; `LoginRecordError`; `VaultError`.
  func add(_ body: EntryBody, as name: String, isFree: Bool) throws {
    let name = TypedName.withoutLeadingSlashes(name)
    guard let plain = EntryPlacement(name: name) else {
      throw UserFacingError("\(name) is not a possible name", exitCode: .failure)
    }
    guard !isFree, let site = sitePlacement(name, body) else { return try add(body.draft(at: plain)) }
    let duplicates = try duplicates(of: site)
    guard let duplicate = duplicates.first else { return try add(body.draft(at: site)) }
    guard duplicates.count == 1, duplicate.password == body.password, !EntryMove.hasOwnName(duplicate) else {
      context.helper.diagnostics.notice(
        "\(site.origin) has another password or name for \(site.username) already; "
          + "\(name) is an entry of its own, which Firefox does not fill in")
      return try add(body.draft(at: plain))
    }
    try store.change { editor in
      try editor.transaction { editor in
        guard let present = try editor.login(guid: duplicate.guid) else { throw LoginEditor.Failure.noSuchLogin }
        let renamed = try editor.change(guid: duplicate.guid, EntryMove.naming(present, site.ownName))
        try editor.change(guid: duplicate.guid, body.changes(to: renamed, now: context.helper.clock()))
      }
    }
  }

  private func add(_ draft: LoginDraft) throws { _ = try store.change { try $0.addNew(draft) } }

  /// The placement at the site that the body names; `nil` if it names none, or the name is web-like.
  private func sitePlacement(_ name: String, _ body: EntryBody) -> EntryPlacement? {
    guard !EntryPlacement.isWebLike(name), let url = body.field("url")?.exposedText(),
      let login = body.login?.exposedText()
    else { return nil }
    return EntryPlacement(name: name, login: login, url: url)
  }

  /// The form logins of the vault with the origin and user name of a placement.
  private func duplicates(of placement: EntryPlacement) throws -> [LoginRecord] {
    guard let origin = Origin(placement.origin) else { return [] }
    return try store.vault.logins(at: origin).filter {
      $0.httpRealm == nil && $0.username.isSameText(as: placement.username)
    }
  }
}
