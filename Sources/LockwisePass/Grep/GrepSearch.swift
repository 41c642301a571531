import LockwiseCLI
import LockwiseCore

/// A search of bodies by grep(1). One process searches all bodies if the options allow it; otherwise it finds the
/// entries that can match, and a process for each of them prints the result.
struct GrepSearch {
  /// The result for an entry.
  struct Match {
    /// The position of the entry's body.
    let body: Int
    /// The lines that grep printed.
    let lines: SecretBytes
  }

  /// The most bytes of a result.
  private static let outputLimit = 1 << 30

  private let arguments: GrepArguments
  private let environment: Environment
  private let colour: String

  /// Makes a search.
  ///
  /// - Parameter hasColours: whether grep marks what matches, unless the user's options say otherwise.
  init(_ arguments: GrepArguments, environment: Environment, hasColours: Bool) {
    self.arguments = arguments
    self.environment = environment
    colour = "--color=\(hasColours ? "always" : "never")"
  }

  /// Searches bodies.
  ///
  /// - Parameters:
  ///   - bodies: the entries' bodies.
  ///   - name: returns the name of an entry, which grep prints where it prints that of a file.
  /// - Returns: the matches, in the order of the bodies.
  /// - Throws: `UserFacingError` if grep fails.
  func matches(in bodies: EntryBodies, name: (Int) -> String) throws -> [Match] {
    guard arguments.allowsPreselection else {
      return try (0..<bodies.count).compactMap { try match(in: bodies, $0, name) }
    }
    let found = try searchAll(bodies, onlySelection: !arguments.allowsOneRun)
    return arguments.allowsOneRun ? found : try found.compactMap { try match(in: bodies, $0.body, name) }
  }

  /// Searches one body.
  private func match(in bodies: EntryBodies, _ body: Int, _ name: (Int) -> String) throws -> Match? {
    try run(arguments.arguments([colour, "--label=\(name(body))"]), bodies[body], environment).map {
      Match(body: body, lines: $0)
    }
  }

  /// Searches all bodies as one text, and finds the body of each line by its offset.
  private func searchAll(_ bodies: EntryBodies, onlySelection: Bool) throws -> [Match] {
    let arguments = arguments.arguments([colour, "--byte-offset"], onlySelection: onlySelection)
    guard let output = try run(arguments, bodies.text, Self.withoutOffsetColours(environment)) else { return [] }
    var found: [(body: Int, lines: SecretBuilder)] = []
    try output.withUnsafeBytes { output in
      var lines = OffsetLines(output)
      while let line = try lines.next() {
        guard let body = bodies.index(containing: line.offset) else { throw OffsetLines.Malformed() }
        if found.last?.body != body { found.append((body, SecretBuilder())) }
        found[found.count - 1].lines.append(line.text)
      }
    }
    return found.map { entry in
      var lines = entry.lines
      return Match(body: entry.body, lines: lines.finish())
    }
  }

  /// Returns the environment of a run whose offsets are parsed: they have no colours.
  private static func withoutOffsetColours(_ environment: Environment) -> Environment {
    let colours = (environment["GREP_COLORS"] ?? "").split(separator: ":").filter {
      !["bn=", "se="].contains($0.prefix(3))
    }
    return environment.setting("GREP_COLORS", to: (["bn=", "se="] + colours).joined(separator: ":"))
  }

  /// Runs grep.
  ///
  /// - Returns: its output; `nil` if nothing matches.
  private func run(_ arguments: [String], _ input: SecretBytes, _ environment: Environment) throws -> SecretBytes? {
    do {
      let (ending, output) = try ChildProcess.exchange(
        with: "grep", arguments, environment: environment, input: input, in: .current, limit: Self.outputLimit)
      switch ending {
      case .exited(0): return output
      case .exited(1): return nil
      // grep has reported the error.
      default: throw PassFailure.silent
      }
    } catch ChildProcess.Failure.notFound {
      throw UserFacingError("cannot find grep", exitCode: .failure)
    }
  }
}

/// The lines of grep's output with `--byte-offset`: number, colon, text.
struct OffsetLines {
  /// Output that does not have the form.
  struct Malformed: Error {}

  private let output: UnsafeRawBufferPointer
  private var position = 0

  /// Makes the lines of an output, which must outlive them.
  init(_ output: UnsafeRawBufferPointer) { self.output = output }

  /// Returns the next line: its offset in the input, and its text with the line feed; `nil` at the end.
  ///
  /// - Throws: `Malformed`.
  mutating func next() throws -> (offset: Int, text: UnsafeRawBufferPointer)? {
    guard position < output.count else { return nil }
    let first = position
    var offset = 0
    while position < output.count, (48...57).contains(output[position]), offset < 1 << 40 {
      offset = 10 * offset + Int(output[position] - 48)
      position += 1
    }
    guard position > first, position < output.count, output[position] == UInt8(ascii: ":") else { throw Malformed() }
    let start = position + 1
    let end = output[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? output.count
    position = end
    return (offset, UnsafeRawBufferPointer(rebasing: output[start..<end]))
  }
}
