/// A point in time as the Sync storage API writes it: decimal seconds with two digits, kept exactly.
public struct SyncTime: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Hundredths of a second since 1970.
  public var hundredths: Int64

  /// The beginning of time, which is also the time of whatever does not exist.
  public static let zero = SyncTime(hundredths: 0)

  /// Makes a time from hundredths of a second.
  public init(hundredths: Int64) { self.hundredths = hundredths }

  /// Reads decimal seconds without a sign or exponent; digits after the second are cut off.
  public init?(_ text: some StringProtocol) {
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

  /// Two digits after the point, always.
  public var description: String {
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  /// The JSON number.
  var json: JSON { .number(description) }

  /// Earlier is less.
  public static func < (left: SyncTime, right: SyncTime) -> Bool { left.hundredths < right.hundredths }
}
