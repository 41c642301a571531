import CLinux
import Glibc

/// The environment variables that a program was started with.
public struct Environment: Sendable {
  /// `nil` stands for the process's own.
  private let given: [String: String]?

  /// Takes variables as given.
  public init(_ variables: [String: String]) { given = variables }

  private init() { given = nil }

  /// The variables of this process. Read one by one when asked for: most look-ups want three of them.
  public static let ofProcess = Environment()

  /// All variables by name.
  public var variables: [String: String] {
    if let given { return given }
    var variables: [String: String] = [:]
    var entry = lockwise_environment()
    while let text = entry?.pointee {
      let pair = String(cString: text)
      if let separator = pair.utf8.firstIndex(of: UInt8(ascii: "=")) {
        variables[String(pair[..<separator])] = String(pair[pair.utf8.index(after: separator)...])
      }
      entry = entry?.successor()
    }
    return variables
  }

  /// The variable called `name`, even if it is empty; `nil` if it is not set.
  public func value(_ name: String) -> String? {
    given.map { $0[name] } ?? getenv(name).map { String(cString: $0) }
  }

  /// The variable called `name`; `nil` if it is not set or empty.
  public subscript(name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }

  /// Whether the variable called `name` holds something that means yes.
  public func isOn(_ name: String) -> Bool {
    guard let value = self[name]?.lowercased() else { return false }
    return !["0", "no", "off", "false"].contains(value)
  }

  /// A whole number of seconds out of the variable called `name`, at most `limit`; `fallback` if it holds none.
  public func seconds(_ name: String, fallback: UInt32, limit: UInt32 = 31_536_000) -> UInt32 {
    self[name].flatMap { UInt32($0) }.map { min($0, limit) } ?? fallback
  }
}
