import LockwiseCore

/// One output of a command, with the secrets hidden.
///
/// Occurrences of patterns that overlap are one hidden part. The rest passes unchanged, and so does a beginning of a
/// secret after which something else follows. The text that replaces a part names the pattern that begins first in it,
/// of these the longest. How the output is split into chunks makes no difference.
///
/// Bytes that may be the beginning of a secret are held. When the command has been silent (`release`), up to three of
/// them are passed: those within three bytes of the earliest place where a secret may have begun. They still are its
/// beginning: if the secret is completed, everything from its fourth byte on is hidden. At least four bytes of every
/// occurrence are compared before anything behind its third byte is passed, so that a slow writer shows three bytes at
/// most. Parts that are complete are replaced after the silence as well.
final class MaskStream {
  /// A part of the output that is hidden.
  private struct Part {
    var start: Int
    var end: Int
    /// The length and secret of the pattern that begins first.
    var count: Int
    var secret: Int
    /// Whether the text that replaces it was written.
    var isWritten = false
  }

  private let patterns: MaskPatterns
  private var exact = 0
  private var broken: BreakSkippingSearch
  /// The bytes from `written` on.
  private let held = WipedArray<UInt8>()
  /// The number of bytes that were passed or hidden.
  private var written = 0
  /// The number of bytes that were accepted.
  private var accepted = 0
  /// The hidden parts that are not written, or that may still become longer; in their order.
  private var parts: [Part] = []

  /// The most bytes of a secret's beginning that are passed after a silence.
  private static let releasedCount = 3

  /// Makes a stream.
  init(_ patterns: MaskPatterns) {
    self.patterns = patterns
    broken = BreakSkippingSearch(patterns.broken)
  }

  /// Whether bytes are held.
  var isHolding: Bool { written < accepted }

  /// Accepts a chunk of the output, and appends to `output` what can be passed.
  func accept(_ chunk: UnsafeRawBufferPointer, into output: WipedArray<UInt8>) {
    var position = 0
    while position < chunk.count {
      if exact == 0, broken.isIdle {
        let start = position
        while position < chunk.count, !patterns.begins[Int(chunk[position])] { position += 1 }
        if position > start {
          accepted += position - start
          broken.restart(at: accepted)
          continue
        }
      }
      let byte = chunk[position]
      position += 1
      accepted += 1
      exact = patterns.exact.step(exact, byte)
      if let pattern = patterns.exact.match(exact) {
        hide(accepted - pattern.count, accepted, pattern)
      }
      if let (start, pattern) = broken.step(byte, at: accepted - 1) { hide(start, accepted, pattern) }
    }
    held.append(chunk)
    write(until: settled, silent: false, into: output)
  }

  /// Appends to `output` what is passed after a silence.
  func release(into output: WipedArray<UInt8>) {
    write(until: min(settled + Self.releasedCount, accepted), silent: true, into: output)
  }

  /// Appends the rest to `output` at the end of the command's output.
  func finish(into output: WipedArray<UInt8>) {
    exact = 0
    broken.reset()
    write(until: accepted, silent: true, into: output)
  }

  /// The earliest place where a secret may have begun that is not complete.
  private var settled: Int {
    min(accepted - patterns.exact.depth(exact), broken.isIdle ? accepted : broken.start)
  }

  /// Adds an occurrence of a pattern, which ends at the last byte that was accepted.
  private func hide(_ start: Int, _ end: Int, _ pattern: PatternAutomaton.Pattern) {
    var part = Part(start: start, end: end, count: pattern.count, secret: pattern.secret)
    while let last = parts.last, last.end > start {
      parts.removeLast()
      let isWritten = part.isWritten || last.isWritten
      let length = (last.start, -last.count, last.secret)
      if last.isWritten || (!part.isWritten && length < (part.start, -part.count, part.secret)) {
        (part.count, part.secret) = (last.count, last.secret)
      }
      part.start = min(part.start, last.start)
      part.end = max(part.end, last.end)
      part.isWritten = isWritten
    }
    parts.append(part)
  }

  /// Passes bytes up to a place, and replaces parts that begin before every unfinished occurrence; after a silence also
  /// the later ones that are reached.
  private func write(until limit: Int, silent: Bool, into output: WipedArray<UInt8>) {
    let settled = settled
    let before = written
    var index = 0
    while written < accepted {
      while index < parts.count, parts[index].end <= written { index += 1 }
      let next = index < parts.count ? parts[index].start : accepted
      if written >= next {
        guard silent || next < settled else { break }
        if !parts[index].isWritten {
          parts[index].isWritten = true
          patterns.replacements[parts[index].secret].withUnsafeBytes { output.append($0) }
        }
        written = parts[index].end
      } else {
        let end = min(limit, next)
        guard end > written else { break }
        output.append(UnsafeRawBufferPointer(rebasing: held.bytes[written - before..<end - before]))
        written = end
        if end < next { break }
      }
    }
    held.removeFirst(written - before)
    parts.removeAll { $0.end <= min(settled, written) }
  }
}
