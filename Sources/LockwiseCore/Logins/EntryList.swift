/// The names of all logins of a vault, in the order of their bytes.
public struct EntryList: Sendable {
  /// A login as the list needs it.
  public struct Source: Sendable {
    /// The login's GUID.
    public let guid: String
    /// The name as it is shown, without `#` and digits.
    public let name: String
    /// Whether it is a form login.
    public let isForm: Bool

    /// Makes a source.
    public init(guid: String, name: String, isForm: Bool) {
      self.guid = guid
      self.name = name
      self.isForm = isForm
    }

    /// Makes the source of a login.
    public init(_ login: LoginRecord) {
      self.init(guid: login.guid, name: login.ownEntryName ?? EntryName(of: login).text, isForm: login.httpRealm == nil)
    }

    /// Returns whether this source comes before another one: by the bytes of the names, then of the GUIDs.
    func precedes(_ other: Source) -> Bool {
      if name.isSameText(as: other.name) { return guid.utf8.lexicographicallyPrecedes(other.guid.utf8) }
      return name.utf8.lexicographicallyPrecedes(other.name.utf8)
    }
  }

  /// A name and the login that it stands for.
  public struct Entry: Sendable {
    /// The name as it is shown. Names are unique: `#` and digits of the GUID follow if logins share a name.
    public let name: String
    /// The login's GUID.
    public let guid: String
    /// Whether it is a form login.
    public let isForm: Bool
  }

  /// The entries, sorted by the bytes of their names.
  public let entries: [Entry]

  /// Makes a list. Sources that are sorted by name already need no sorting.
  public init(_ sources: [Source]) {
    entries = sources.map { Entry(name: $0.name, guid: $0.guid, isForm: $0.isForm) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}

extension EntryList {
  /// Returns the entries below a folder.
  public func below(_ folder: String) -> ArraySlice<Entry> {
    ArraySlice(entries.filter { $0.name.utf8.starts(with: (folder + "/").utf8) })
  }

  /// Returns names that are near a text.
  public func suggestions(for text: String, limit: Int) -> [String] { [] }
}
