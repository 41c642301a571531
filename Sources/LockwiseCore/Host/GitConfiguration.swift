/// Settings out of git's configuration files, as `git config -z --get-regexp` lists them (git-config(1)).
public struct GitConfiguration: Equatable, Sendable {
  private struct Entry: Equatable, Sendable {
    let section: String
    let url: String?
    let key: String
    let value: String
  }

  private let entries: [Entry]

  /// Reads a listing: each entry is a key, a line feed with the value unless it has none, and NUL.
  ///
  /// A key without a value reads as `true`, which is what git takes it for.
  public init(listing: some Collection<UInt8>) {
    entries = listing.split(separator: 0).compactMap { text in
      let parts = text.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(decoding: parts[0], as: UTF8.self)
      guard let first = name.firstIndex(of: "."), let last = name.lastIndex(of: ".") else { return nil }
      let url = first < last ? String(name[name.index(after: first)..<last]) : nil
      return Entry(
        section: name[..<first].lowercased(), url: url, key: name[name.index(after: last)...].lowercased(),
        value: parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "true")
    }
  }

  /// The value that counts for a URL, as `git config --get-urlmatch` chooses it: the one whose URL fits best, of equals
  /// the last.
  ///
  /// - Parameters:
  ///   - section: in lower case.
  ///   - key: in lower case.
  ///   - url: the URL that something is done with.
  public func value(_ section: String, _ key: String, for url: String) -> String? {
    var best: (match: GitURL.Match, value: String)?
    for (entry, match) in matches(section, key, for: url) where best.map({ $0.match <= match }) ?? true {
      best = (match, entry.value)
    }
    return best?.value
  }

  /// All values whose URL fits, in git's order; an empty one forgets those before it.
  public func values(_ section: String, _ key: String, for url: String) -> [String] {
    let values = matches(section, key, for: url).map(\.0.value)
    return Array(values[(values.lastIndex(of: "").map { $0 + 1 } ?? 0)...])
  }

  private func matches(_ section: String, _ key: String, for url: String) -> [(Entry, GitURL.Match)] {
    let url = GitURL(url)
    return entries.compactMap { entry in
      guard entry.section == section, entry.key == key else { return nil }
      guard let text = entry.url else { return (entry, .everything) }
      guard let pattern = GitURL(text, allowsWildcards: true), let match = url?.match(pattern) else { return nil }
      return (entry, match)
    }
  }
}

extension GitConfiguration {
  /// A truth value as git reads it (git-config(1), "boolean"); `nil` if it is none.
  public static func bool(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "on": true
    case "false", "no", "off", "": false
    default: Int(text).map { $0 != 0 }
    }
  }

  /// A time span in seconds: a number of days, or a number and a unit from seconds to years, as in `2.weeks`, `12 hours`,
  /// `90d`; `never` is 0. `nil` if it is none.
  public static func duration(_ text: String) -> Int64? {
    let lower = text.lowercased()
    if lower == "never" { return 0 }
    let digits = lower.utf8.prefix { (48...57).contains($0) }
    guard digits.count <= 9, let number = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
    let unit = lower.utf8.dropFirst(digits.count).filter { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: " ") }
    let seconds: Int64? =
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
    return seconds.map { number * $0 }
  }
}
