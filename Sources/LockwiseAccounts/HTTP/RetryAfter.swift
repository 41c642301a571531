import LockwiseCore

/// The times for which servers ask clients to back off.
enum RetryAfter {
  /// The longest accepted wait: a day. Longer ones would only lock the user out.
  static let maximum: Int64 = 86_400

  /// The seconds of a header field such as `Retry-After` (RFC 9110 section 10.2.3, the form with a number; the
  /// servers concerned send no dates) or `X-Backoff`; `nil` if there is none.
  static func seconds(_ response: HTTPResponse, header: String = "retry-after") -> Int64? {
    guard let text = response.header(header), let number = Double(text), number.isFinite, number >= 0 else {
      return nil
    }
    return Int64(min(number.rounded(.up), Double(maximum)))
  }

  /// The seconds of the body member `retryAfter` of an error of the accounts server.
  ///
  /// Throttling (errno 114) gives milliseconds on servers since 2026 and seconds before; as no server throttles
  /// for more than a day, a larger number is milliseconds.
  static func seconds(body value: Int64?, errno: Int) -> Int64? {
    guard let value, value >= 0 else { return nil }
    let seconds = errno == 114 && value > maximum ? value / 1000 + (value % 1000 > 0 ? 1 : 0) : value
    return min(seconds, maximum)
  }

  /// Returns the hint to wait and try again.
  static func hint(seconds: Int64) -> String {
    "wait \(Quantity.duration(seconds: max(1, seconds))), then try again"
  }
}
