import LockwiseCore

/// The references of logins, each of which names one login only.
struct LoginReferences {
  /// A login as far as references need it.
  struct Source {
    /// The site of the login; `nil` if only its GUID names it.
    let place: Reference.Place?
    let username: String
    let guid: String
    /// The login's own entry name.
    var ownName: String?

    /// Makes the source of a login.
    init(_ login: LoginRecord) {
      self.init(
        place: Reference.Place(of: login), username: login.username, guid: login.guid, ownName: login.ownEntryName)
    }

    /// Makes a source.
    init(place: Reference.Place?, username: String, guid: String, ownName: String? = nil) {
      (self.place, self.username, self.guid, self.ownName) = (place, username, guid, ownName)
    }
  }

  /// The GUIDs of the logins that a reference without digits names.
  private var sharing: [[UInt8]: Set<[UInt8]>] = [:]

  /// Makes the references of logins.
  ///
  /// - Parameter logins: all that may share a name; they may be repeated.
  init(_ logins: [Source]) {
    for login in logins { add(login) }
  }

  /// Adds a login.
  private mutating func add(_ login: Source) {
    let guid = GUIDPrefix.text(of: login.guid)
    if let place = login.place { sharing[Self.key(place, login.username), default: []].insert(guid) }
    if let name = login.ownName { sharing[Self.key(named: name), default: []].insert(guid) }
  }

  /// Returns the reference of a login that was added.
  func reference(to login: Source, field: ReferenceField = .password) -> Reference {
    let guid = GUIDPrefix.text(of: login.guid)
    guard let place = login.place else { return Self.reference(guid: login.guid, field) }
    let others = (sharing[Self.key(place, login.username)] ?? []).subtracting([guid])
    if others.isEmpty {
      return Reference(login: .entry(place, username: login.username, digits: nil), field: field)
    }
    let common = others.map { other in zip(other, guid).prefix { $0 == $1 }.count }.max() ?? 0
    let count = max(Self.fewestDigits, common + 1)
    // A GUID that begins another one has no digits of its own.
    guard common < guid.count else { return Self.reference(guid: login.guid, field) }
    let digits = String(decoding: guid.prefix(count), as: UTF8.self)
    return Reference(login: .entry(place, username: login.username, digits: digits), field: field)
  }

  /// The fewest digits after a name, as in the names of entries.
  private static let fewestDigits = 4

  private static func reference(guid: String, _ field: ReferenceField) -> Reference {
    let braced = Reference.guid("{\(guid)}") ?? guid
    return Reference(login: .guid(Reference.guid(guid) == nil ? braced : guid), field: field)
  }

  /// A text that only logins of one place and user name have.
  private static func key(_ place: Reference.Place, _ username: String) -> [UInt8] {
    switch place {
    case .site(let origin): Array((origin.serialized + "\u{0}" + username).utf8)
    case .free(let firstPart): key(named: firstPart + (username.isEmpty ? "" : "/" + username))
    }
  }

  /// A text that only entries of lockwise-pass with this name have.
  private static func key(named name: String) -> [UInt8] { [0] + EntryName(name).shown.utf8 }
}
