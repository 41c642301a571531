import CCurl

/// A transfer that was begun and goes on whenever libcurl is called (libcurl-multi(3)).
final class CurlPending {
  private let multi: UnsafeMutableRawPointer
  private let handle: UnsafeMutableRawPointer
  // Kept for libcurl, which holds pointers into them.
  private let headers: CurlHeaders
  private let exchange: CurlExchange

  /// Begins a transfer.
  ///
  /// - Parameters:
  ///   - handle: an easy handle that is ready to go.
  ///   - multi: a multi handle without other transfers; it keeps the connection.
  ///   - headers: what the easy handle sends.
  ///   - exchange: what the easy handle's callbacks fill.
  /// - Throws: `HTTPError.unavailable`.
  init(
    _ handle: UnsafeMutableRawPointer, in multi: UnsafeMutableRawPointer, headers: CurlHeaders, exchange: CurlExchange
  ) throws {
    guard curl_multi_add_handle(multi, handle) == CURLM_OK else { throw HTTPError.unavailable }
    self.multi = multi
    self.handle = handle
    self.headers = headers
    self.exchange = exchange
    var running: Int32 = 0
    guard curl_multi_perform(multi, &running) == CURLM_OK else { throw HTTPError.unavailable }
  }

  deinit {
    curl_multi_remove_handle(multi, handle)
    // Leaves no pointer into headers or exchange behind.
    curl_easy_reset(handle)
  }

  /// Waits for the answer.
  ///
  /// - Parameter host: the server's name, for errors.
  /// - Throws: `HTTPError` if there is none.
  func response(host: String) throws -> HTTPResponse {
    var running: Int32 = 1
    while running > 0 {
      guard curl_multi_perform(multi, &running) == CURLM_OK else { throw HTTPError.unavailable }
      // A second, so that a wish to stop is noticed as in curl_easy_perform(3).
      if running > 0, curl_multi_poll(multi, nil, 0, 1000, nil) != CURLM_OK { throw HTTPError.unavailable }
    }
    var left: Int32 = 0
    guard let message = curl_multi_info_read(multi, &left), message.pointee.msg == CURLMSG_DONE else {
      throw HTTPError.unavailable
    }
    let code = message.pointee.data.result
    guard code == CURLE_OK else { throw exchange.error(for: code, host: host) }
    var status = 0
    _ = lockwise_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return exchange.response(status: status)
  }
}
