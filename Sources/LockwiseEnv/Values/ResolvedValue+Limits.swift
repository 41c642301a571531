import LockwiseCore

extension ResolvedValue {
  /// The most bytes of `NAME=VALUE` that a program can be given, without the NUL at its end (execve(2), 32 pages).
  static let longestEntry = 131_071

  /// Whether Linux starts programs with this variable in their environment.
  var fitsEnvironment: Bool { name.utf8.count + 1 + bytes.count <= Self.longestEntry }

  /// Checks that a program can be given the variable.
  ///
  /// - Throws: `UserFacingError` that names the variable, if the value contains NUL or is too long.
  func checkFitsEnvironment() throws(UserFacingError) {
    guard !bytes.withUnsafeBytes({ $0.contains(0) }) else {
      throw UserFacingError("cannot set \(name): the value contains a NUL byte", exitCode: .failure)
    }
    guard fitsEnvironment else {
      throw UserFacingError(
        "cannot set \(name): with a value this long Linux starts no command",
        hint: "pass it as a file: --file \(name)=REFERENCE", exitCode: .failure)
    }
  }
}
