import Glibc
import LockwiseCore

/// The configuration file, which consists of lines `name = value`.
///
/// Spaces around the name and the value are ignored. A value extends to the end of its line, without quotes or escapes.
/// Empty lines and lines that begin with `#` are comments. If a name occurs twice, the last line applies.
public struct ConfigurationFile: Equatable, Sendable {
  /// An invalid line.
  public struct Problem: Equatable, Sendable, CustomStringConvertible {
    /// The file's path.
    let path: String
    /// The line's number, starting from 1.
    public let line: Int
    /// The problem.
    let reason: String

    /// The text `path:line: reason`.
    public var description: String { "\(path):\(line): \(reason)" }
  }

  /// A setting in the file.
  struct Entry: Equatable, Sendable {
    let value: String
    let line: Int
  }

  /// The maximum length of the file in bytes.
  static let limit = 65536

  /// The file's path; `nil` if the environment does not determine it.
  public let path: String?
  /// The reason why an existing file is not used; `nil` if it is used or does not exist.
  public let refusal: Refusal?
  /// The invalid lines.
  public let problems: [Problem]
  /// Whether it sets nothing.
  public var isEmpty: Bool { entries.isEmpty }

  /// The settings by variable.
  let entries: [String: Entry]

  /// The reason why a file is not used.
  public enum Refusal: Error, Equatable, Sendable {
    /// Others could have changed it.
    case untrusted(TrustedPath.Problem)
    /// It cannot be read.
    case unreadable(path: String, reason: String)
  }

  /// Returns the path of the file: `lockwise/config` in `XDG_CONFIG_HOME`, else in `~/.config`.
  ///
  /// - Returns: `nil` if neither that nor `HOME` is an absolute path.
  static func path(_ environment: Environment) -> String? {
    func absolute(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    return (absolute("XDG_CONFIG_HOME") ?? absolute("HOME").map { $0 + "/.config" }).map { $0 + "/lockwise/config" }
  }

  /// Reads the file. A missing file sets nothing.
  init(_ environment: Environment) {
    guard let path = Self.path(environment) else {
      self.init(path: nil, text: [], home: nil)
      return
    }
    do throws(Refusal) {
      let text = try Self.content(path)
      guard !text.isEmpty else {
        self.init(path: path, text: [], home: nil)
        return
      }
      self.init(path: path, text: text, home: environment["HOME"])
    } catch {
      self.init(path: path, refusal: error)
    }
  }

  private init(path: String, refusal: Refusal) {
    self.path = path
    self.refusal = refusal
    problems = []
    entries = [:]
  }

  /// Parses the lines of a file.
  ///
  /// - Parameter home: the folder that `~` means.
  init(path: String?, text: [UInt8], home: String?) {
    var problems: [Problem] = []
    var entries: [String: Entry] = [:]
    var settings: [String: Setting] = [:]
    if !text.isEmpty { for setting in Setting.all { settings[setting.name] = setting } }
    for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      guard let parsed = Self.parse(line) else { continue }
      func record(_ reason: String) { problems.append(Problem(path: path ?? "", line: index + 1, reason: reason)) }
      guard case .setting(let name, var value) = parsed else {
        record("the line does not have the form name = value")
        continue
      }
      guard let setting = settings[name] else {
        record("unknown setting \(name)")
        continue
      }
      if setting.kind == .path, value.hasPrefix("~/"), let home { value = home + value.dropFirst() }
      if let complaint = setting.complaint(about: value) {
        record(complaint)
        continue
      }
      if let earlier = entries[setting.variable] { record("\(name) is already set in line \(earlier.line)") }
      entries[setting.variable] = Entry(value: value, line: index + 1)
    }
    self.path = path
    refusal = nil
    self.problems = problems
    self.entries = entries
  }

  /// A parsed line.
  enum Line: Equatable {
    case setting(name: String, value: String)
    case malformed
  }

  /// Parses a line; `nil` for a comment.
  static func parse(_ line: ArraySlice<UInt8>) -> Line? {
    let line = trimmed(line)
    guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
    guard let equals = line.firstIndex(of: UInt8(ascii: "=")), !line.contains(0),
      let name = String(validating: trimmed(line[..<equals]), as: UTF8.self), !name.isEmpty,
      let value = String(validating: trimmed(line[(equals + 1)...]), as: UTF8.self)
    else { return .malformed }
    return .setting(name: name, value: value)
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
  }

  /// Returns the file's bytes; none if there is no file.
  static func content(_ path: String) throws(Refusal) -> [UInt8] {
    let descriptor: Int32
    do throws(TrustedPath.OpenFailure) {
      descriptor = try TrustedPath.open(path, followsLink: true)
    } catch {
      switch error {
      case .system(ENOENT), .system(ENOTDIR): return []
      case .system(let number): throw .unreadable(path: path, reason: String(cString: strerror(number)))
      case .untrusted(let problem): throw .untrusted(problem)
      }
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_size <= limit else {
      throw .unreadable(path: path, reason: "it is larger than 64 KiB")
    }
    guard let content = FileDescriptor.readAll(descriptor, limit: limit) else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    return content.withUnsafeBytes { Array($0) }
  }
}

extension ConfigurationFile.Refusal: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    switch self {
    case .untrusted(let problem):
      UserFacingError(
        "cannot use the configuration: \(problem.path): \(problem.reason)",
        hints: [problem.hint ?? "make it yours and writable by you alone: chmod go-w \(problem.path)"],
        exitCode: .failure)
    case .unreadable(let path, let reason):
      UserFacingError("cannot read the configuration \(path): \(reason)", exitCode: .failure)
    }
  }
}
