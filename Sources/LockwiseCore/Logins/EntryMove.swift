/// The changes that give a login another name, and the bodies of copies.
public enum EntryMove {
  /// Returns the changes that move a login to a name.
  ///
  /// A free entry moves to the place that the name makes. Another login moves there only if the name is web-like;
  /// otherwise the name becomes its own one, and the site stays.
  ///
  /// - Returns: `nil` if no entry can have the name.
  public static func changes(to login: LoginRecord, name: String) -> LoginChanges? {
    guard let placement = EntryPlacement(name: name) else { return nil }
    let from = Origin(login.origin)
    guard EntryPlacement.isWebLike(name) || from?.scheme == FreeEntry.scheme else {
      return naming(login, EntryName(name).shown)
    }
    var changes = naming(login, placement.ownName)
    changes.username = placement.username
    changes.origin = placement.origin
    if !login.origin.isSameText(as: placement.origin) {
      changes.target = target(login.target, from, placement.target)
    }
    return changes
  }

  /// Returns the changes that set a login's own name.
  ///
  /// - Parameter name: the name; `nil` removes it.
  public static func naming(_ login: LoginRecord, _ name: String?) -> LoginChanges {
    var changes = LoginChanges()
    changes.setOwnEntryName(name, of: login)
    return changes
  }

  /// Returns whether a login has a name of its own.
  public static func hasOwnName(_ login: LoginRecord) -> Bool { login.ownEntryName != nil }

  /// Returns the body of a copy of a login at a new place.
  ///
  /// The lines that show the fields of a login without notes are left out at a site, where they would name another one.
  public static func body(copying login: LoginRecord, to placement: EntryPlacement) -> EntryBody {
    let body = EntryBody(of: login)
    guard StoredNotes(of: login).text == nil, Origin(placement.origin)?.scheme != FreeEntry.scheme else { return body }
    return EntryBody(password: body.password)
  }

  /// Returns the body of a login that is replaced by a copy of another one. Its site and user name stay.
  public static func body(copying login: LoginRecord, over replaced: LoginRecord) -> EntryBody {
    let (body, present) = (EntryBody(of: login), EntryBody(of: replaced))
    guard StoredNotes(of: login).text != nil else { return present.replacingPassword(body.password) }
    var notes = body.notes
    for field in TiedField.allCases where StoredNotes(of: replaced).tied.contains(field) {
      guard let line = field.line(in: notes), let own = field.line(in: present.notes) else { continue }
      notes = line.replacingValue(with: own.value)
    }
    return EntryBody(password: body.password, notes: notes)
  }

  /// The form or realm at the new place. A form stays a form, which any action fits; so does the realm of a web site.
  private static func target(_ old: LoginTarget, _ from: Origin?, _ new: LoginTarget) -> LoginTarget {
    guard case .form = new else { return new }
    guard case .realm = old, from?.scheme == "https" || from?.scheme == "http" else { return .form("") }
    return old
  }
}
