import Foundation
import Testing

/// A file of `Tests/Transcripts`.
struct TranscriptFile: Sendable, CustomTestStringConvertible {
  /// The name without `.txt`.
  let name: String

  var testDescription: String { name }

  private var path: String { TranscriptRunner.folder.appendingPathComponent(name + ".txt").path }

  /// All files, by name.
  static let all: [TranscriptFile] =
    ((try? FileManager.default.contentsOfDirectory(atPath: TranscriptRunner.folder.path)) ?? [])
    .filter { $0.hasSuffix(".txt") }.sorted().map { TranscriptFile(name: String($0.dropLast(4))) }

  /// Reads the file.
  ///
  /// - Throws: `Transcript.FormatError`.
  func read() throws -> Transcript { try Transcript(String(contentsOfFile: path, encoding: .utf8)) }

  /// Runs the commands.
  ///
  /// - Parameter isUpdate: whether to write what was shown into the file.
  /// - Returns: what differs from the file, as a unified diff; empty for nothing.
  func run(isUpdate: Bool) throws -> String {
    let transcript = try read()
    let runner = try TranscriptRunner(transcript.settings)
    var diff: [UnifiedDiff.Line] = []
    var updated: [String] = []
    for item in transcript.items {
      switch item {
      case .line(let line):
        diff.append(.both(line))
        updated.append(line)
      case .step(let step):
        let shown = try runner.run(step)
        let alignment = TranscriptAlignment(expected: step.expected, actual: shown, pattern: runner.pattern)
        diff += step.head.map(UnifiedDiff.Line.both) + Self.diff(alignment)
        updated += step.head + alignment.updated(runner.pattern)
      }
    }
    let text = UnifiedDiff(name: name + ".txt", lines: diff).description
    if isUpdate, !text.isEmpty {
      try Data((updated.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }
    return text
  }

  private static func diff(_ alignment: TranscriptAlignment) -> [UnifiedDiff.Line] {
    alignment.edits.map {
      switch $0 {
      case .kept(let line, _): .both(line)
      case .missing(let line): .old(line)
      case .added(let line): .new(line)
      }
    }
  }
}
