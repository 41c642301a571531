/// Texts of numbers with units.
public enum Quantity {
  /// Returns a number of things: `0 logins`, `1 login`, `2 logins`.
  ///
  /// - Parameters:
  ///   - count: the number.
  ///   - one: the singular.
  ///   - many: the plural; by default `one` with an `s`.
  public static func of(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
    "\(count) " + (count == 1 ? one : many ?? one + "s")
  }

  /// Returns a time span, rounded up to its unit: `1 second`, `90 seconds`, `15 minutes`, `8 hours`.
  public static func duration(_ span: Seconds) -> String {
    let seconds = max(0, span.rawValue)
    for (unit, length, least) in [("day", 86_400, 2), ("hour", 3600, 2), ("minute", 60, 2)] as [(String, Int64, Int64)]
    where seconds >= length * least || (seconds > 0 && seconds % length == 0 && seconds / length < least) {
      return of(seconds / length + (seconds % length > 0 ? 1 : 0), unit)
    }
    return of(seconds, "second")
  }

  /// Returns a rounded number of bytes: `17 bytes`, `2.5 MiB`.
  public static func bytes(_ count: some BinaryInteger) -> String {
    let count = Int64(clamping: max(0, count))
    guard count >= 1024 else { return of(count, "byte") }
    var unit = 1024.0
    for name in ["KiB", "MiB", "GiB"] {
      // Rounded before the comparison: 1023.96 KiB is 1 MiB.
      let tenths = (Double(count) / unit * 10).rounded()
      if tenths < 10_240 || name == "GiB" {
        let whole = Int64(tenths) / 10
        let rest = Int64(tenths) % 10
        return rest == 0 || whole >= 100 ? "\(Int64((tenths / 10).rounded())) \(name)" : "\(whole).\(rest) \(name)"
      }
      unit *= 1024
    }
    return of(count, "byte")
  }
}
