import LockwiseCore

/// The time for which a secret stays in the clipboard.
struct ClipboardTime: Equatable {
  /// The time as the user wrote it, for pass's message.
  let text: String
  /// The time.
  let span: Milliseconds

  /// The longest time, one day in milliseconds.
  private static let longest: Int64 = 86_400_000

  /// The time of `PASSWORD_STORE_CLIP_TIME`, 45 seconds if it is not set.
  ///
  /// - Throws: `UserFacingError` if the value is not a time.
  init(_ environment: Environment) throws {
    let text = environment["PASSWORD_STORE_CLIP_TIME"] ?? "45"
    guard let time = ClipboardTime(text) else {
      throw UserFacingError("PASSWORD_STORE_CLIP_TIME must be a number of seconds", exitCode: .usage)
    }
    self = time
  }

  /// Parses a time as sleep(1) does: a number without a sign, which may have a decimal point and a unit `s`, `m`, `h` or
  /// `d`. At most one day is kept.
  init?(_ text: String) {
    let units: [UInt8: Int64] = [
      UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3600, UInt8(ascii: "d"): 86400,
    ]
    let unit = text.utf8.last.flatMap { units[$0] }
    let number = unit == nil ? text.utf8[...] : text.utf8.dropLast()
    let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), number.contains(where: { $0 != UInt8(ascii: ".") }),
      parts.joined().allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    let whole = parts[0].reduce(Int64(0)) { min($0 * 10 + Int64($1 - 0x30), Self.longest) }
    let decimals = parts.count > 1 ? Array(parts[1].prefix(3)) : []
    let fraction = (0..<3).reduce(Int64(0)) { $0 * 10 + ($1 < decimals.count ? Int64(decimals[$1] - 0x30) : 0) }
    self.text = text
    span = Milliseconds(min((whole * 1000 + fraction) * (unit ?? 1), Self.longest))
  }
}
