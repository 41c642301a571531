import LockwiseCore

/// Replaces the variables in a reference: `${NAME}` and `${NAME:-TEXT}`.
///
/// The value is the text of one segment, so it is encoded. The text after `:-` is used if the variable is not set or
/// empty (POSIX, "Parameter Expansion"). Any other `$` stays.
struct ReferenceVariables {
  /// The variables.
  let environment: Environment

  /// Returns a reference without variables.
  func replaced(in text: [UInt8]) throws(ReferenceError) -> [UInt8] {
    guard text.contains(UInt8(ascii: "$")) else { return text }
    var result: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "{") else {
        result.append(byte)
        continue
      }
      guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { throw .invalidVariable }
      result += PercentEncoding.encode(try value(of: rest[rest.startIndex + 1..<end])).utf8
      rest = rest[(end + 1)...]
    }
    return result
  }

  private func value(of expression: ArraySlice<UInt8>) throws(ReferenceError) -> String {
    let end = expression.firstIndex(of: UInt8(ascii: ":")) ?? expression.endIndex
    guard VariableName.isValid(expression[..<end]) else { throw .invalidVariable }
    let name = String(decoding: expression[..<end], as: UTF8.self)
    guard end < expression.endIndex else {
      guard let value = environment.value(name) else { throw .unsetVariable(name) }
      return value
    }
    guard expression[end...].starts(with: ":-".utf8) else { throw .invalidVariable }
    let text = expression[(end + 2)...]
    guard text.withUnsafeBytes(UTF8Text.isValid) else { throw .notUTF8 }
    return environment[name] ?? String(decoding: text, as: UTF8.self)
  }
}
