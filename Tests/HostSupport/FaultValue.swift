import Foundation

/// A value in a fault of the sandbox, written as a literal.
enum FaultValue: Sendable, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  case flag(Bool)
  case number(Int)
  case text(String)

  init(booleanLiteral value: Bool) { self = .flag(value) }
  init(integerLiteral value: Int) { self = .number(value) }
  init(stringLiteral value: String) { self = .text(value) }

  /// The value for `JSONSerialization`.
  var value: Any {
    switch self {
    case .flag(let value): value
    case .number(let value): value
    case .text(let value): value
    }
  }
}
