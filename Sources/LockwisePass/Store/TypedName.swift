import LockwiseCore

/// Names as users type them.
enum TypedName {
  /// Returns a name without the slashes at its beginning, which do no harm, as in pass.
  static func withoutLeadingSlashes(_ name: String) -> String {
    String(Substring(name.utf8.drop { $0 == UInt8(ascii: "/") }))
  }

  /// Returns a name without one slash at its end, which pass drops where only an entry can be meant.
  static func withoutTrailingSlash(_ name: String) -> String {
    name.utf8.last == UInt8(ascii: "/") ? String(Substring(name.utf8.dropLast())) : name
  }

  /// Checks a name that must refer to something. With an unset variable in a script, pass acts on the whole store.
  ///
  /// - Throws: `UserFacingError` if nothing but slashes is left.
  static func checkNotEmpty(_ name: String) throws {
    guard name.utf8.contains(where: { $0 != UInt8(ascii: "/") }) else {
      throw UserFacingError("the name is empty", exitCode: .failure)
    }
  }

  /// Checks names for parts that would leave pass's folder.
  ///
  /// - Throws: `PassFailure` if a part of a name is `..`.
  static func checkSneaky(_ names: String...) throws {
    guard !names.contains(where: isSneaky) else {
      throw PassFailure("Error: You've attempted to pass a sneaky path to pass. Go home.")
    }
  }

  private static func isSneaky(_ name: String) -> Bool {
    name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .contains { $0.elementsEqual("..".utf8) }
  }
}
