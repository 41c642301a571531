import LockwiseCore

/// The dates of HTTP headers (RFC 9110 section 5.6.7): all three forms that a recipient has to accept.
public enum HTTPDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Returns the time of a date; `nil` if the text is not a date.
  public static func seconds(_ text: String) -> Seconds? {
    let parts = text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    guard parts.count >= 7 else { return nil }
    // `Sun, 06 Nov 1994 08:49:37 GMT` and `Sunday, 06-Nov-94 08:49:37 GMT`, or `Sun Nov  6 08:49:37 1994`.
    let monthIsFirst = months.contains(parts[1])
    let fields = monthIsFirst ? [2, 1, 6, 3, 4, 5] : [1, 2, 3, 4, 5, 6]
    guard let month = months.firstIndex(of: parts[fields[1]]), let day = number(parts[fields[0]], in: 1...31),
      var year = number(parts[fields[2]], in: 0...9999), let hour = number(parts[fields[3]], in: 0...23),
      let minute = number(parts[fields[4]], in: 0...59), let second = number(parts[fields[5]], in: 0...60)
    else { return nil }
    if year < 70 { year += 2000 } else if year < 100 { year += 1900 }
    let days = daysSince1970(year: year, month: Int64(month) + 1, day: day)
    return Seconds(((days * 24 + hour) * 60 + minute) * 60 + second)
  }

  private static func number(_ text: String, in range: ClosedRange<Int64>) -> Int64? {
    Int64(text).flatMap { range.contains($0) ? $0 : nil }
  }

  /// Days of the Gregorian calendar; years begin in March, so that the leap day is the last of its year.
  static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }
}
