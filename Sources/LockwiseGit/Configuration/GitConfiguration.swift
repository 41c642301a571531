import LockwiseCLI
import LockwiseCore

/// Settings out of git's configuration files, as `git config -z --show-scope --get-regexp` lists them (git-config(1),
/// git 2.26 and later).
public struct GitConfiguration: Equatable, Sendable {
  /// The sources whose settings apply. A repository's configuration can come from an untrusted source.
  public enum Source: Sendable {
    /// The user's and the machine's settings, which are git's "protected configuration" (git-config(1), "SCOPES").
    case protected
    /// The settings of the repository, its worktree, and scopes of later versions of git.
    case repository
    /// All settings.
    case any
  }

  private struct Entry: Equatable, Sendable {
    let isProtected: Bool
    let section: String
    let pattern: String?
    let key: String
    let value: String
  }

  private static let protectedScopes: Set = ["system", "global", "command"]

  private let entries: [Entry]

  /// Parses a listing. Each entry is a scope, NUL, a key, a line feed and the value if there is one, and NUL.
  ///
  /// A key without a value is read as `true`, as in git.
  ///
  /// - Returns: `nil` if the text is not such a listing.
  public init?(listing: some Collection<UInt8>) {
    var fields = listing.split(separator: 0, omittingEmptySubsequences: false)
    guard fields.popLast()?.isEmpty == true, fields.count % 2 == 0 else { return nil }
    var entries: [Entry] = []
    for index in stride(from: 0, to: fields.count, by: 2) {
      let parts = fields[index + 1].split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(decoding: parts[0], as: UTF8.self)
      guard let first = name.firstIndex(of: "."), let last = name.lastIndex(of: ".") else { return nil }
      entries.append(
        Entry(
          isProtected: Self.protectedScopes.contains(String(decoding: fields[index], as: UTF8.self)),
          section: name[..<first].lowercased(),
          pattern: first < last ? String(name[name.index(after: first)..<last]) : nil,
          key: name[name.index(after: last)...].lowercased(),
          value: parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "true"))
    }
    self.entries = entries
  }

  /// Returns the value for a context as `git config --get-urlmatch` chooses it: the one with the best pattern, or the
  /// last of several equally good ones.
  ///
  /// - Parameters:
  ///   - section: the section in lower case.
  ///   - key: the key in lower case.
  ///   - context: the credential's context.
  ///   - source: the sources whose settings apply.
  public func value(_ section: String, _ key: String, for context: GitCredentialContext, from source: Source) -> String?
  {
    var best: (match: GitURL.Match, value: String)?
    for (entry, match) in matches(section, key, context, source) where best.map({ $0.match <= match }) ?? true {
      best = (match, entry.value)
    }
    return best?.value
  }

  /// Returns all values with a matching pattern in git's order. An empty value clears those before it.
  public func values(_ section: String, _ key: String, for context: GitCredentialContext, from source: Source)
    -> [String]
  {
    let values = matches(section, key, context, source).map(\.0.value)
    return Array(values[(values.lastIndex(of: "").map { $0 + 1 } ?? 0)...])
  }

  /// Returns all values of a key with any pattern in git's order.
  public func allValues(_ section: String, _ key: String, from source: Source) -> [String] {
    entries.filter { $0.section == section && $0.key == key && Self.isFrom(source, $0) }.map(\.value)
  }

  private static func isFrom(_ source: Source, _ entry: Entry) -> Bool {
    switch source {
    case .protected: entry.isProtected
    case .repository: !entry.isProtected
    case .any: true
    }
  }

  private func matches(_ section: String, _ key: String, _ context: GitCredentialContext, _ source: Source)
    -> [(Entry, GitURL.Match)]
  {
    entries.compactMap { entry in
      guard entry.section == section, entry.key == key, Self.isFrom(source, entry) else { return nil }
      guard let pattern = entry.pattern else { return (entry, .everything) }
      guard let match = GitURLPattern(pattern)?.match(context) else { return nil }
      return (entry, match)
    }
  }
}

extension GitConfiguration {
  /// Returns a Boolean as git reads it (git-config(1), "boolean"); `nil` if it is not one.
  public static func bool(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "on": true
    case "false", "no", "off", "": false
    default: Int(text).map { $0 != 0 }
    }
  }

  /// Returns a time span; `nil` if the text is not one. The text is a number of days, or a number with a
  /// unit from seconds to years such as `2.weeks`, `12 hours` or `90d`. `never` is 0.
  public static func duration(_ text: String) -> Seconds? {
    let lower = text.lowercased()
    if lower == "never" { return 0 }
    let digits = lower.utf8.prefix { (48...57).contains($0) }
    guard digits.count <= 9, let number = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
    let unit = lower.utf8.dropFirst(digits.count).filter { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: " ") }
    let length: Seconds? =
      switch String(decoding: unit, as: UTF8.self) {
      case "s", "sec", "second", "seconds": 1
      case "m", "min", "minute", "minutes": 60
      case "h", "hour", "hours": 3600
      case "", "d", "day", "days": 86_400
      case "w", "week", "weeks": 7 * 86_400
      case "month", "months": 30 * 86_400
      case "y", "year", "years": 365 * 86_400
      default: nil
      }
    return length.map { $0 * number }
  }
}
