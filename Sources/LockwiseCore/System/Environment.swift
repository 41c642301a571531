import CLinux
import Glibc

/// The environment variables of a program.
public struct Environment: Sendable {
  /// The variables; `nil` for the process's own.
  private let given: [String: String]?
  /// The changes to them; `nil` removes a variable.
  private var changes: [String: String?] = [:]

  /// Makes an environment with these variables.
  public init(_ variables: [String: String]) { given = variables }

  private init() { given = nil }

  /// The variables of this process. They are read on access, because most look-ups need only three of them.
  public static let ofProcess = Environment()

  /// Returns the variables with one changed.
  ///
  /// - Parameter value: the new value; `nil` removes the variable.
  public func setting(_ name: String, to value: String?) -> Environment {
    var copy = self
    copy.changes[name] = .some(value)
    return copy
  }

  /// Returns the variable called `name`, even if it is empty; `nil` if it is not set. Bytes that are not UTF-8 are
  /// replaced.
  public func value(_ name: String) -> String? {
    if !changes.isEmpty, let change = changes[name] { return change }
    return given.map { $0[name] } ?? getenv(name).map { String(cString: $0) }
  }

  /// Returns the variable called `name`; `nil` if it is not set or empty.
  public subscript(name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }

  /// Whether the variable called `name` means yes.
  public func isOn(_ name: String) -> Bool { Self.isYes(self[name]) }

  /// Whether a text means yes: it is neither missing nor empty nor `0`, `no`, `off` or `false`.
  public static func isYes(_ text: String?) -> Bool {
    guard let text, !text.isEmpty else { return false }
    return !["0", "no", "off", "false"].contains(text.lowercased())
  }

  /// The variables for a program to start, as `name=value` (environ(7)). They have the same bytes as in this process,
  /// even if they are not UTF-8.
  public var entries: [[UInt8]] {
    var entries: [[UInt8]] = []
    if let given {
      entries = given.filter { changes[$0.key] == nil }.map { Array("\($0.key)=\($0.value)".utf8) }
    } else {
      var entry = lockwise_environment()
      while let text = entry?.pointee {
        let bytes = Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        let name = String(decoding: bytes.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
        if changes[name] == nil { entries.append(bytes) }
        entry = entry?.successor()
      }
    }
    for (name, change) in changes {
      if let change { entries.append(Array("\(name)=\(change)".utf8)) }
    }
    return entries
  }
}
