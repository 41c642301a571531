import CZlib
import Foundation

/// The content coding of responses (RFC 9110 section 8.4).
enum ContentCoding {
  /// The shortest body that is compressed on request, in bytes.
  private static let minimumBytes = 256

  /// Compresses a response if the switch `http.gzip` and the request's `Accept-Encoding` ask for it.
  ///
  /// A body that a fault truncates, or that already has a coding, is left alone: tests count its bytes.
  static func apply(to response: inout Response, for request: Request, mode: String) {
    guard response.delivery == .whole, !response.body.isEmpty, response.header("Content-Encoding") == nil else {
      return
    }
    let isForced = mode == "always"
    if mode == "asked" { response.vary(on: "Accept-Encoding") }
    guard
      isForced
        || (mode == "asked" && response.body.count >= minimumBytes
          && acceptsGzip(request.header("accept-encoding") ?? ""))
    else { return }
    guard let compressed = gzip(response.body) else { return }
    response.body = compressed
    response.setHeader("Content-Encoding", "gzip")
  }

  /// Returns whether an `Accept-Encoding` header allows gzip (RFC 9110 section 12.5.3).
  static func acceptsGzip(_ header: String) -> Bool {
    var wildcard = false
    for range in header.split(separator: ",") {
      let parts = range.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
      let isAllowed = !parts.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0 }
      switch parts.first {
      case "gzip", "x-gzip": return isAllowed
      case "*": wildcard = isAllowed
      default: break
      }
    }
    return wildcard
  }

  /// Returns the data in the gzip format (RFC 1952), or nil if zlib fails.
  static func gzip(_ data: Data) -> Data? {
    var output = [UInt8](repeating: 0, count: lockwise_gzip_bound(data.count))
    let written = data.withUnsafeBytes { input in
      lockwise_gzip(input.bindMemory(to: UInt8.self).baseAddress, input.count, &output, output.count)
    }
    return written > 0 ? Data(output[..<written]) : nil
  }
}
