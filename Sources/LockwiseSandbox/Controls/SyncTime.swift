/// A time of the Sync storage API: decimal seconds with two digits, kept exactly.
struct SyncTime: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The time in hundredths of a second since 1970.
  var hundredths: Int64

  /// The start of 1970, which is also the time of anything that does not exist.
  static let zero = SyncTime(hundredths: 0)

  /// Makes a time from hundredths of a second.
  init(hundredths: Int64) { self.hundredths = hundredths }

  /// Parses decimal seconds without a sign or exponent; a third decimal and later ones are dropped.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    func isNumber(_ digits: some StringProtocol) -> Bool {
      !digits.isEmpty && digits.utf8.allSatisfy { 48...57 ~= $0 }
    }
    guard isNumber(parts[0]), let seconds = Int64(parts[0]), seconds < 1_000_000_000_000 else { return nil }
    hundredths = seconds * 100
    guard parts.count == 2 else { return }
    guard isNumber(parts[1]), let fraction = Int64((parts[1] + "0").prefix(2)) else { return nil }
    hundredths += fraction
  }

  /// The decimal seconds, always with two digits after the point.
  var description: String {
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  /// The time as a JSON number.
  var json: JSON { .number(description) }

  static func < (left: SyncTime, right: SyncTime) -> Bool { left.hundredths < right.hundredths }
}
