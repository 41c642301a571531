import Foundation

/// What was asked of the servers, without bodies and without the values of headers, but for `Content-Type`,
/// `X-If-Unmodified-Since`, and of `User-Agent` the first product's name (RFC 9110 section 10.1.5), which tells our
/// clients from others.
final class RequestLog {
  private var lines: [JSON] = []
  private let file: FileHandle?
  /// Only the newest are kept in memory.
  private let capacity = 200_000

  /// - Parameter path: file that every line is appended to.
  /// - Throws: ``StateProblem`` when the file can't be opened.
  init(path: String?) throws {
    guard let path else {
      file = nil
      return
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StateProblem("can't write \(path): \(String(cString: strerror(errno)))")
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

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

  /// The first product's name in a `User-Agent`.
  private static func product(_ agent: String) -> String {
    String(agent.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }.prefix(40))
  }

  func clear() { lines = [] }

  /// One JSON object a line.
  var text: Data {
    var writer = JSONWriter(capacity: lines.count * 256)
    for line in lines {
      writer.value(line)
      writer.raw("\n")
    }
    return Data(writer.bytes)
  }

  /// How many lines have a note that begins with one of these words.
  func count(_ words: String...) -> Int {
    lines.reduce(0) { total, line in
      let notes = line["notes"]?.list?.compactMap(\.text) ?? []
      return notes.contains { note in words.contains { note.hasPrefix($0) } } ? total + 1 : total
    }
  }

  var count: Int { lines.count }
}
