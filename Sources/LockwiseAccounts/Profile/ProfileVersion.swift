/// The versions of the files that hold a profile's logins: the inode, size and time of the last change of each
/// (stat(2)).
///
/// Two versions are equal if none of the files was written between them.
package struct ProfileVersion: Equatable, Sendable {
  /// The logins of each kind of store, their keys, and recent changes of the database.
  private static let files = [
    LoginsFile.name, NSSKeyStore.file, LoginsDatabase.name, LoginsDatabase.name + "-wal",
  ]

  private let states: [FileState?]

  /// Returns the present version of a profile, at the price of one stat(2) a file.
  package static func of(_ directory: String) -> ProfileVersion {
    ProfileVersion(states: files.map { FileState(of: directory + "/" + $0) })
  }

  private init(states: [FileState?]) { self.states = states }

  /// Reads what `text` writes; `nil` if it is something else.
  package init?(text: String) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == Self.files.count else { return nil }
    var states: [FileState?] = []
    for part in parts {
      let state = FileState(text: part)
      guard state != nil || part == "-" else { return nil }
      states.append(state)
    }
    self.states = states
  }

  /// The version as text, for storing it.
  package var text: String { states.map { $0?.text ?? "-" }.joined(separator: " ") }
}
