extension Timestamp {
  /// Parses a typed time: decimal seconds since 1970 as the server prints them, or a date of RFC 3339 in UTC:
  /// `2026-11-22`, `2026-11-22T18:47:34Z`, `2026-11-22T18:47:34.12Z`. `nil` for anything else.
  public init?(argument text: String) {
    if let time = Timestamp(text) {
      self = time
      return
    }
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard let day = Self.numbers(parts[0], "-", [4, 2, 2]) else { return nil }
    var time: [Int64] = [0, 0, 0]
    var fraction: Int64 = 0
    if parts.count == 2 {
      guard parts[1].last == "Z" else { return nil }
      let clock = parts[1].dropLast().split(separator: ".", omittingEmptySubsequences: false)
      guard clock.count <= 2, let numbers = Self.numbers(clock[0], ":", [2, 2, 2]) else { return nil }
      time = numbers
      if clock.count == 2 {
        guard (1...2).contains(clock[1].count), let digits = Self.numbers(clock[1], ".", [clock[1].count]) else {
          return nil
        }
        fraction = digits[0] * (clock[1].count == 1 ? 10 : 1)
      }
    }
    guard day[0] >= 1970, (1...12).contains(day[1]), day[2] >= 1, time[0] < 24, time[1] < 60, time[2] <= 60 else {
      return nil
    }
    let days = HTTPDate.daysSince1970(year: day[0], month: day[1], day: day[2])
    let next = HTTPDate.daysSince1970(
      year: day[1] == 12 ? day[0] + 1 : day[0], month: day[1] % 12 + 1, day: 1)
    guard days < next else { return nil }
    self.init(hundredths: (((days * 24 + time[0]) * 60 + time[1]) * 60 + time[2]) * 100 + fraction)
  }

  /// Parses numbers with exactly the given counts of digits.
  private static func numbers(_ text: Substring, _ separator: Character, _ lengths: [Int]) -> [Int64]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == lengths, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else {
      return nil
    }
    return parts.compactMap { Int64($0) }
  }

  /// The time in UTC to the second, as in RFC 3339: `2026-11-22T18:47:34Z`.
  public var date: String {
    func digits(_ value: Int64, _ count: Int = 2) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let seconds = hundredths / 100
    var year = 1970 + seconds / (366 * 86400)
    while HTTPDate.daysSince1970(year: year + 1, month: 1, day: 1) * 86400 <= seconds { year += 1 }
    var month: Int64 = 1
    while month < 12, HTTPDate.daysSince1970(year: year, month: month + 1, day: 1) * 86400 <= seconds { month += 1 }
    let day = seconds / 86400 - HTTPDate.daysSince1970(year: year, month: month, day: 1) + 1
    let time = seconds % 86400
    return "\(digits(year, 4))-\(digits(month))-\(digits(day))T"
      + "\(digits(time / 3600)):\(digits(time / 60 % 60)):\(digits(time % 60))Z"
  }
}
