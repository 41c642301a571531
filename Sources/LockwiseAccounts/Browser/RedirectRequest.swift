import LockwiseCore

/// One request of a browser to the loopback address that a sign-in page redirects to, reduced to the request line and
/// the `Host` field of HTTP/1.1 (RFC 9112). Anything unusual is refused, and the body is never read.
struct RedirectRequest: Equatable, Sendable {
  /// The method.
  let method: String
  /// Path and query as sent.
  public let target: SecretBytes
  /// The value of the only `Host` field.
  let host: String

  /// The result of parsing a text as a request.
  enum Progress: Equatable, Sendable {
    /// More bytes are needed.
    case incomplete
    /// It is not a request, or it is too long.
    case refused
    /// The head is complete.
    case complete(RedirectRequest)
  }

  /// The most bytes of a head: room for the longest code, and the cookies that any local server left with the browser.
  static let limit = 32768

  /// Parses the bytes received so far.
  static func parse(_ bytes: UnsafeRawBufferPointer) -> Progress {
    let end = Self.end(of: bytes)
    guard (end ?? bytes.count) <= limit else { return .refused }
    guard let end else { return .incomplete }
    let lines = lines(of: UnsafeRawBufferPointer(rebasing: bytes[..<end]))
    guard let first = lines.first, let (method, target) = requestLine(first) else { return .refused }
    var hosts: [String] = []
    for line in lines.dropFirst() {
      // A line that begins with a blank continues the one before (obsolete).
      guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex,
        line[..<colon].allSatisfy({ isNameByte($0) }), line[colon...].allSatisfy({ $0 >= 0x20 || $0 == 0x09 })
      else { return .refused }
      if String(decoding: line[..<colon], as: UTF8.self).lowercased() == "host" {
        hosts.append(String(decoding: line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self))
      }
    }
    guard hosts.count == 1 else { return .refused }
    return .complete(
      RedirectRequest(method: method, target: target, host: String(hosts[0].reversed().drop { $0 == " " }.reversed())))
  }

  /// The path, without the query.
  public var path: String { target[0..<mark].exposedText() ?? "" }

  /// The query, without its question mark.
  public var query: SecretBytes { target[min(mark + 1, target.count)..<target.count] }

  private var mark: Int { target.withUnsafeBytes { $0.firstIndex(of: 0x3F) } ?? target.count }

  private static func end(of bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= 4 else { return nil }
    for index in 0...bytes.count - 4
    where bytes[index] == 13 && bytes[index + 1] == 10 && bytes[index + 2] == 13 && bytes[index + 3] == 10 {
      return index
    }
    return nil
  }

  private static func lines(of head: UnsafeRawBufferPointer) -> [Slice<UnsafeRawBufferPointer>] {
    var lines: [Slice<UnsafeRawBufferPointer>] = []
    var start = 0
    var index = 0
    while index + 1 < head.count {
      if head[index] == 13, head[index + 1] == 10 {
        lines.append(head[start..<index])
        start = index + 2
        index += 1
      }
      index += 1
    }
    return lines + [head[start..<head.count]]
  }

  private static func requestLine(_ line: Slice<UnsafeRawBufferPointer>) -> (method: String, target: SecretBytes)? {
    let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy({ (0x41...0x5A).contains($0) }),
      parts[1].first == 0x2F, parts[1].allSatisfy({ (0x21...0x7E).contains($0) }),
      ["HTTP/1.1", "HTTP/1.0"].contains(String(decoding: parts[2], as: UTF8.self))
    else { return nil }
    return (
      String(decoding: parts[0], as: UTF8.self),
      SecretBytes(copying: UnsafeRawBufferPointer(rebasing: parts[1]))
    )
  }

  /// A character of a token (RFC 9110 section 5.6.2).
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
