import Foundation

/// The log of requests to the servers, one JSON object a request.
///
/// It holds no bodies, and values of only three headers: `Content-Type`, `X-If-Unmodified-Since`, and the first product
/// name of `User-Agent` (RFC 9110 section 10.1.5), which distinguishes our clients from others.
final class RequestLog {
  private var lines: [JSON] = []
  private let file: FileHandle?
  /// The number of lines kept in memory; older ones are dropped.
  private let capacity = 200_000

  /// Starts an empty log.
  ///
  /// - Parameter path: the file to append each line to.
  /// - Throws: ``SandboxError`` if the file cannot be opened.
  init(path: String?) throws {
    guard let path else {
      file = nil
      return
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw SandboxError("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Adds a line.
  ///
  /// - Parameters:
  ///   - time: the sandbox's time at the end of the request.
  ///   - milliseconds: the time that the request took.
  func record(_ exchange: Exchange, _ response: Response, at time: SyncTime, milliseconds: Double) {
    let status: JSON = response.delivery == .dropped ? nil : .int(response.status)
    let line: JSON = [
      "time": time.json, "method": .string(exchange.request.method), "path": .string(exchange.request.target),
      "status": status, "auth": .string(exchange.auth), "bytesIn": .int(exchange.request.body.count),
      "bytesOut": .int(response.body.count), "coding": .optional(response.header("Content-Encoding")),
      "ms": .number(String((milliseconds * 100).rounded() / 100)),
      "headers": .strings(exchange.request.headerNames), "notes": .strings(exchange.notes),
      "agent": .string(Self.product(exchange.request.header("user-agent") ?? "")),
      "type": .optional(exchange.request.header("content-type")),
      "unmodifiedSince": .optional(exchange.request.header("x-if-unmodified-since")),
    ]
    lines.append(line)
    if lines.count > capacity { lines.removeFirst(capacity / 10) }
    if let file { try? file.write(contentsOf: line.encoded + Data("\n".utf8)) }
  }

  /// Returns the first product name in a `User-Agent`.
  private static func product(_ agent: String) -> String {
    String(agent.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }.prefix(40))
  }

  /// Drops the lines in memory.
  func clear() { lines = [] }

  /// The lines in memory, one JSON object a line.
  var text: Data {
    var writer = JSONWriter(capacity: lines.count * 256)
    for line in lines {
      writer.value(line)
      writer.raw("\n")
    }
    return Data(writer.bytes)
  }

  /// Returns the number of lines with a note that begins with one of these words.
  func count(_ words: String...) -> Int {
    lines.reduce(0) { total, line in
      let notes = line["notes"]?.list?.compactMap(\.text) ?? []
      return notes.contains { note in words.contains { note.hasPrefix($0) } } ? total + 1 : total
    }
  }

  /// The number of lines in memory.
  var count: Int { lines.count }
}
