import CCurl
import Glibc
import LockwiseCore

/// The header fields of one request in libcurl's form, wiped after use.
final class CurlHeaders {
  private(set) var list: UnsafeMutablePointer<curl_slist>?

  /// Checks and copies header fields.
  ///
  /// - Throws: `HTTPError.refusedHeader` for a name that is not a token (RFC 9110 section 5.6.2), or a value with
  ///   anything but printable ASCII, space and tab: a line feed would start another field.
  init(_ headers: [(name: String, value: SecretBytes)]) throws {
    for (name, value) in headers {
      guard Self.isToken(name), value.withUnsafeBytes({ $0.allSatisfy(Self.isValueByte) }) else {
        throw HTTPError.refusedHeader(Self.isToken(name) ? name : "(malformed name)")
      }
      // "Name;" sends an empty field; "Name:" would remove it (CURLOPT_HTTPHEADER(3)).
      try append(name, separator: value.isEmpty ? ";" : ": ", value)
    }
    let names = headers.map { $0.name.lowercased() }
    // By default libcurl waits for "100 Continue" before larger bodies and declares every body a form.
    if !names.contains("expect") { try append("Expect", separator: ":", nil) }
    if !names.contains("content-type") { try append("Content-Type", separator: ":", nil) }
  }

  private func append(_ name: String, separator: String, _ value: SecretBytes?) throws {
    var line = SecretBuilder()
    line.append(name + separator)
    if let value { line.append(value) }
    line.append(0)
    let longer = line.withUnsafeBytes {
      curl_slist_append(list, $0.baseAddress?.assumingMemoryBound(to: CChar.self))
    }
    guard let longer else { throw HTTPError.unavailable }
    list = longer
  }

  deinit {
    var node = list
    while let current = node {
      if let data = current.pointee.data { explicit_bzero(data, strlen(data)) }
      node = current.pointee.next
    }
    curl_slist_free_all(list)
  }

  private static let tokenPunctuation = Set("!#$%&'*+-.^_`|~".utf8)

  private static func isToken(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
          || tokenPunctuation.contains($0)
      }
  }

  private static func isValueByte(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) || byte == 0x09 }
}
