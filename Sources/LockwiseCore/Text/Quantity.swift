/// Numbers with their units, in words for people.
public enum Quantity {
  /// A number of things: `1 login`, `2 logins`, `no logins` is never said.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - one: what one of them is called.
  ///   - many: what several are called; `one` with an `s` if not given.
  public static func of(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
    "\(count) " + (count == 1 ? one : many ?? one + "s")
  }

  /// A length of time, rounded up where the unit is a large one: `1 second`, `90 seconds`, `15 minutes`, `8 hours`.
  public static func duration(seconds: some BinaryInteger) -> String {
    let seconds = Int64(clamping: max(0, seconds))
    for (unit, length, least) in [("day", 86_400, 2), ("hour", 3600, 2), ("minute", 60, 2)] as [(String, Int64, Int64)]
    where seconds >= length * least || (seconds > 0 && seconds % length == 0 && seconds / length < least) {
      return of(seconds / length + (seconds % length > 0 ? 1 : 0), unit)
    }
    return of(seconds, "second")
  }

  /// A number of bytes, rounded: `17 bytes`, `2.5 MiB`.
  public static func bytes(_ count: some BinaryInteger) -> String {
    let count = Int64(clamping: max(0, count))
    guard count >= 1024 else { return of(count, "byte") }
    var unit = 1024.0
    for name in ["KiB", "MiB", "GiB"] {
      // Rounded before it is compared: 1023.96 KiB is a MiB.
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
