import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The variables that this process inherited, of any bytes and with duplicates.
struct InheritedVariables {
  /// The names of the variables that `--clean` keeps, next to those that begin with `LC_`.
  private static let basic: Set<[UInt8]> = Set(["PATH", "HOME", "TERM", "USER", "LANG"].map { Array($0.utf8) })

  private let entries: [UnsafeMutablePointer<CChar>]

  /// Makes the variables of a state; those of this process now if it is `nil`.
  init(_ state: InheritedState?) { entries = state?.variables ?? InheritedState.currentVariables }

  /// Makes the variables from entries.
  init(entries: [UnsafeMutablePointer<CChar>]) { self.entries = entries }

  /// Returns the entries `NAME=VALUE` that a command keeps, in their order.
  ///
  /// - Parameters:
  ///   - replaced: the names of the variables that are set.
  ///   - isClean: whether it keeps only the basic ones.
  func kept(replacing replaced: Set<[UInt8]>, isClean: Bool) -> [UnsafeMutablePointer<CChar>] {
    guard isClean || !replaced.isEmpty else { return entries }
    return entries.filter { entry in
      let name = Self.name(of: entry)
      return !replaced.contains(name)
        && (!isClean || Self.basic.contains(name) || name.starts(with: "LC_".utf8))
    }
  }

  /// The variables whose value begins with `lockwise://`. Of duplicates only the first one matters, as in getenv(3).
  var references: [(name: String, value: [UInt8])] {
    var seen: Set<[UInt8]> = []
    return entries.compactMap { entry in
      let name = Self.name(of: entry)
      guard seen.insert(name).inserted, VariableName.isValid(name),
        strncmp(entry + name.count, "=lockwise://", 12) == 0
      else { return nil }
      let value = entry + name.count + 1
      return (String(decoding: name, as: UTF8.self), Array(UnsafeRawBufferPointer(start: value, count: strlen(value))))
    }
  }

  private static func name(of entry: UnsafeMutablePointer<CChar>) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: entry, count: strcspn(entry, "=")))
  }
}
