import LockwiseCLI
import LockwiseCore

/// A program `lockwise-pass-NAME` in the folders of `PATH`, which is the command NAME.
enum ExtensionProgram {
  /// Returns the path of the program for a command; `nil` if there is none.
  ///
  /// - Parameter command: the command as it was typed. A name with a slash is never a command.
  static func find(_ command: String, _ environment: Environment) -> String? {
    guard !command.isEmpty, command.utf8.first != UInt8(ascii: "-"), !command.utf8.contains(UInt8(ascii: "/")) else {
      return nil
    }
    return ProgramSearch(environment).find("lockwise-pass-" + command)
  }
}
