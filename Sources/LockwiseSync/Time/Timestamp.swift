import LockwiseCore

/// A point in the storage server's time, hundredths of a second since 1970 (Sync storage API 1.5, "Timestamps").
///
/// The server prints decimal seconds with two digits. They are never converted to a binary float: the value sent back
/// has to be the received one.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Hundredths of a second since 1970.
  public let hundredths: Int64

  /// Creates a point in time, hundredths of a second since 1970.
  public init(hundredths: Int64) { self.hundredths = hundredths }

  /// Reads decimal seconds: `1700000000.12`, `1700000000`, `1.70000000012E9`. More than two decimals are rounded to the
  /// nearest hundredth, as the server's float is meant. `nil` for anything else.
  public init?(_ text: String) {
    var rest = text.utf8[...]
    var value: Int64 = 0
    var exponent = 2
    var digits = 0
    var inFraction = false
    while let byte = rest.first {
      if let digit = Self.digit(byte) {
        digits += 1
        if value < Self.mantissaLimit {
          value = value * 10 + digit
          if inFraction { exponent -= 1 }
        } else if !inFraction {
          exponent += 1
        }
      } else if byte == UInt8(ascii: "."), !inFraction {
        inFraction = true
      } else {
        break
      }
      rest = rest.dropFirst()
    }
    guard digits > 0, let scale = Self.exponent(&rest), rest.isEmpty else { return nil }
    exponent += scale
    if exponent < -18 {
      value = 0
    } else if exponent < 0 {
      let divisor = (0..<(-exponent)).reduce(Int64(1)) { power, _ in power * 10 }
      value = value / divisor + (value % divisor >= divisor - divisor / 2 ? 1 : 0)
    } else if value != 0 {
      for _ in 0..<exponent {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        guard !overflow else { return nil }
        value = product
      }
    }
    // Leaves room for a conversion to milliseconds and a sum, so that no header can make arithmetic trap.
    guard value <= Int64.max / 1000 else { return nil }
    hundredths = value
  }

  private static let mantissaLimit: Int64 = 10_000_000_000_000_000

  private static func digit(_ byte: UInt8) -> Int64? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int64(byte - UInt8(ascii: "0")) : nil
  }

  private static func exponent(_ rest: inout Substring.UTF8View) -> Int? {
    guard let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") else {
      return 0
    }
    rest = rest.dropFirst()
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    guard !rest.isEmpty, rest.count <= 3 else { return nil }
    var value = 0
    while let byte = rest.first {
      guard let digit = digit(byte) else { return nil }
      value = value * 10 + Int(digit)
      rest = rest.dropFirst()
    }
    return isNegative ? -value : value
  }

  /// The time in milliseconds.
  public var milliseconds: Milliseconds { Milliseconds(hundredths) * 10 }

  /// Whether the first point is before the second.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.hundredths < right.hundredths }
}

extension Timestamp: CustomStringConvertible {
  /// Decimal seconds with exactly two digits, as the server prints them.
  public var description: String {
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
