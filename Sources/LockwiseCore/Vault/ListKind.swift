/// A table of sealed rows that are few and read as a whole. Which rows there are, with their tags, is in a sealed list,
/// the document `.` and the table's name.
enum ListKind: CaseIterable {
  /// Changes that are not on the server yet.
  case outbox
  /// Records of the server that are no logins.
  case aside
  /// Logins that another client deleted.
  case deleted

  /// The table.
  var table: StaticString {
    switch self {
    case .outbox: "outbox"
    case .aside: "aside"
    case .deleted: "deleted"
    }
  }

  /// Whether the list has the login of each row too.
  var isPinned: Bool { self == .outbox }

  /// The name of the list's row in the table `documents`.
  var document: String { ".\(table)" }
}
