/// The file of an entry below a folder of names.
struct ShadowPath: Equatable {
  /// The folders and the file's name, each a single part of a path.
  let parts: [[UInt8]]

  /// NAME_MAX (limits.h) in bytes.
  private static let limit = 255

  /// Makes the path of an entry.
  ///
  /// - Parameter name: the entry's name as it is shown.
  /// - Returns: `nil` if a part of the name is not the name of a file, or leads out of the folder.
  init?(_ name: String) {
    var parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0) }
    guard let last = parts.popLast(), !last.isEmpty else { return nil }
    parts.append(last + Array(".gpg".utf8))
    let isSafe = parts.allSatisfy { part in
      !part.isEmpty && part != Array(".".utf8) && part != Array("..".utf8) && part.count <= Self.limit
        && !part.contains(0)
    }
    guard isSafe else { return nil }
    self.parts = parts
  }
}
