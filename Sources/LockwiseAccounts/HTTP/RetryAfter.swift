import LockwiseCore

/// The times for which servers ask clients to back off.
enum RetryAfter {
  /// The longest accepted wait: a day. Longer ones would only lock the user out.
  static let maximum: Seconds = 86_400

  /// The time of a header field such as `Retry-After` (RFC 9110 section 10.2.3, the form with a number; the
  /// servers concerned send no dates) or `X-Backoff`; `nil` if there is none.
  static func seconds(_ response: HTTPResponse, header: String = "retry-after") -> Seconds? {
    guard let text = response.header(header), let number = Double(text), number.isFinite, number >= 0 else {
      return nil
    }
    return Seconds(Int64(min(number.rounded(.up), Double(maximum.rawValue))))
  }

  /// The time of the body member `retryAfter` of an error of the accounts server.
  ///
  /// Throttling (errno 114) gives milliseconds on servers since 2026 and seconds before; as no server throttles
  /// for more than a day, a larger number is milliseconds.
  static func seconds(body value: Int64?, errno: Int) -> Seconds? {
    guard let value, value >= 0 else { return nil }
    let isMilliseconds = errno == 114 && value > maximum.rawValue
    return min(isMilliseconds ? Seconds(Milliseconds(value) + 999) : Seconds(value), maximum)
  }

  /// Returns the hint to wait and try again.
  static func hint(_ wait: Seconds) -> String {
    "wait \(Quantity.duration(max(1, wait))), then try again"
  }
}
