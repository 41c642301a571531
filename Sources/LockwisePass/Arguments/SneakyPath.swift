/// The names that pass refuses because they would leave its folder.
enum SneakyPath {
  /// Returns whether a part of a name is `..`.
  static func isSneaky(_ name: String) -> Bool {
    name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).contains {
      $0.elementsEqual("..".utf8)
    }
  }

  /// Checks names as they were typed.
  ///
  /// - Throws: `PassFailure` if one of them is refused.
  static func check(_ names: String...) throws {
    guard !names.contains(where: isSneaky) else {
      throw PassFailure("Error: You've attempted to pass a sneaky path to pass. Go home.")
    }
  }
}
