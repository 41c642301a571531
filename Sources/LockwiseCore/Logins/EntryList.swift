/// The names of all logins of a vault.
///
/// The names are in the order of `ls`, which is the order of files with the suffix `.gpg` by bytes: a `/` sorts before
/// every other character, and the end of a name like `.gpg`. Names that begin alike are neighbours.
public struct EntryList: Sendable {
  /// The parts of a login that its name consists of.
  package enum NameKind: UInt8, Sendable {
    /// Only the login tells: it has a name of its own, an origin of another kind, or characters that are shown escaped.
    case other
    /// Host and port of an https origin, and after the first slash the user name, which is empty without a slash.
    case site
    /// The first part of a free entry (`FreeEntry`) and, after the first slash, the user name.
    case free
  }

  /// A login as far as the list needs it.
  public struct Source: Sendable {
    /// The login's GUID.
    let guid: String
    /// The login's name as it is shown, without `#` and digits.
    public let name: String
    /// Whether it is a form login.
    let isForm: Bool
    /// What the name consists of.
    let kind: NameKind

    /// Makes a source.
    ///
    /// - Parameter name: the login's name without `#` and digits. It is brought into its shown form.
    public init(guid: String, name: String, isForm: Bool) {
      self.init(guid: guid, name: name, isForm: isForm, kind: .other)
    }

    /// Makes a source of a name that consists of parts, if it is shown as it is.
    private init(guid: String, name: String, isForm: Bool, kind: NameKind) {
      self.guid = guid
      self.name = ShownName.of(name)
      self.isForm = isForm
      self.kind = self.name.isSameText(as: name) ? kind : .other
    }

    /// Makes the source of a login.
    public init(_ login: LoginRecord) {
      let isForm = login.httpRealm == nil
      if let name = login.ownEntryName {
        self.init(guid: login.guid, name: name, isForm: isForm)
      } else if let origin = Origin(login.origin) {
        let name = EntryName.natural(origin, username: login.username)
        self.init(guid: login.guid, name: name, isForm: isForm, kind: NameKind(of: origin))
      } else {
        self.init(withoutOwnName: login)
      }
    }

    /// Makes the source of a login as if it had no name of its own.
    init(withoutOwnName login: LoginRecord) {
      let name = EntryName.natural(origin: login.origin, username: login.username)
      self.init(guid: login.guid, name: name, isForm: login.httpRealm == nil)
    }

    /// Returns whether this source comes before another one in the order of a list.
    func precedes(_ other: Source) -> Bool {
      EntryOrder.precedes(name, other.name) ?? guid.utf8.lexicographicallyPrecedes(other.guid.utf8)
    }
  }

  /// A name and its login.
  public struct Entry: Hashable, Sendable {
    /// The name as it is shown. No other login of the vault has it.
    public let name: String
    /// The login's GUID.
    public let guid: String
    /// Whether it is a form login.
    let isForm: Bool
  }

  /// The position of a name and a GUID in `storage`.
  package struct Row: Sendable {
    package var name: UInt32
    package var nameCount: UInt32
    /// The length of the name without `#` and digits.
    package var plainCount: UInt32
    package var guid: UInt32
    package var guidCount: UInt32
    package var isForm: Bool
    package var kind: NameKind
    /// The number of the login among those that the list was made of, from 0.
    package var source: UInt32
  }

  /// Contains every name, followed by `.gpg` and NUL, and every GUID. Names contain no control characters.
  package let storage: SecretBytes
  /// The names in order.
  package let rows: [Row]

  init(storage: SecretBytes, rows: [Row]) {
    self.storage = storage
    self.rows = rows
  }

  /// Makes the list of a vault's logins.
  public init(_ sources: [Source]) {
    var builder = Builder(count: sources.count)
    for source in sources { builder.append(source) }
    self = builder.finish()
  }

  /// All entries.
  public var entries: Entries { Entries(list: self, indices: 0..<rows.count) }

  /// The entries of a list, or consecutive ones of them.
  public struct Entries: RandomAccessCollection, Sendable {
    /// The list.
    package let list: EntryList
    /// The positions of the entries in the list.
    public let indices: Range<Int>
    /// The position of the first entry.
    public var startIndex: Int { indices.lowerBound }
    /// The position after the last entry.
    public var endIndex: Int { indices.upperBound }

    /// Returns the entry at a position.
    public subscript(index: Int) -> Entry { list.entry(list.rows[index]) }
    /// Returns the entries at some positions.
    public subscript(bounds: Range<Int>) -> Entries { Entries(list: list, indices: bounds) }
  }

  func entry(_ row: Row) -> Entry {
    storage.withUnsafeBytes { storage in
      Entry(
        name: String(decoding: Self.name(row, in: storage), as: UTF8.self),
        guid: String(decoding: Self.guid(row, in: storage), as: UTF8.self), isForm: row.isForm)
    }
  }

  /// Returns the bytes of a name.
  ///
  /// - Parameter storage: the bytes of the list's storage.
  package static func name(_ row: Row, in storage: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: storage[Int(row.name)..<Int(row.name) + Int(row.nameCount)])
  }

  /// Returns the bytes of a GUID.
  ///
  /// - Parameter storage: the bytes of the list's storage.
  package static func guid(_ row: Row, in storage: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: storage[Int(row.guid)..<Int(row.guid) + Int(row.guidCount)])
  }

  /// Returns the entries below a folder.
  ///
  /// - Parameter folder: the folder as typed. Slashes around it are dropped; an empty text means all entries.
  public func below(_ folder: String) -> Entries {
    var path = ShownName.withoutLeadingSlashes(folder).utf8
    while path.last == UInt8(ascii: "/") { path.removeLast() }
    if path.isEmpty { return entries }
    return beginning(with: ShownName.of(String(Substring(path))) + "/")
  }

  /// Returns the entries whose names begin with a text, which ends in `/` or `#`: a character that `.gpg` lacks.
  func beginning(with text: String) -> Entries {
    let text = Array(text.utf8)
    let start = storage.withUnsafeBytes { storage in
      rows.partition { EntryOrder.precedes($0, text, storage) }
    }
    let end = storage.withUnsafeBytes { storage in
      rows[start...].partition { EntryOrder.begins($0, with: text, storage) }
    }
    return Entries(list: self, indices: start..<end)
  }
}

extension EntryList.NameKind {
  /// The kind of the names that an origin and a user name make.
  fileprivate init(of origin: Origin) {
    if let firstPart = FreeEntry.firstPart(of: origin) {
      self = firstPart.utf8.contains(UInt8(ascii: "/")) ? .other : .free
    } else {
      self = origin.scheme == "https" ? .site : .other
    }
  }
}

extension RandomAccessCollection<EntryList.Row> where Index == Int {
  /// Returns the first position whose element does not satisfy a condition that only the first elements satisfy.
  func partition(_ isBefore: (EntryList.Row) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
