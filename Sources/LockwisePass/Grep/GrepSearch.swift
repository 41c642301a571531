import LockwiseCLI
import LockwiseCore

/// A search of bodies by grep(1). One process searches all bodies if the options allow it; otherwise it finds the
/// entries that can match, and a process for each of them prints the result.
struct GrepSearch {
  /// The result for an entry.
  struct Match {
    /// The entry's GUID.
    let guid: String
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
    colour = "--color=\(hasColours ? "always" : "never")"
    // Line numbers are parsed, so they have no colours.
    let colours = (environment["GREP_COLORS"] ?? "").split(separator: ":").filter {
      !["ln=", "se="].contains($0.prefix(3))
    }
    self.environment = environment.setting("GREP_COLORS", to: (["ln=", "se="] + colours).joined(separator: ":"))
  }

  /// Searches bodies.
  ///
  /// - Parameters:
  ///   - bodies: the entries' GUIDs and bodies, each with a line feed at its end.
  ///   - name: returns the name of an entry, which grep prints where it prints that of a file.
  /// - Returns: the matches, in the order of the bodies.
  /// - Throws: `UserFacingError` if grep fails.
  func matches(in bodies: [(guid: String, text: SecretBytes)], name: (String) -> String) throws -> [Match] {
    guard arguments.allowsPreselection else { return try bodies.compactMap { try match(in: $0, name) } }
    let found = try searchAll(bodies, onlySelection: !arguments.allowsOneRun)
    if arguments.allowsOneRun { return found.map { Match(guid: bodies[$0.body].guid, lines: $0.lines) } }
    return try found.compactMap { try match(in: bodies[$0.body], name) }
  }

  /// Searches one body.
  private func match(in body: (guid: String, text: SecretBytes), _ name: (String) -> String) throws -> Match? {
    try run(arguments.arguments([colour, "--label=\(name(body.guid))"]), body.text).map {
      Match(guid: body.guid, lines: $0)
    }
  }

  /// Searches all bodies as one text, and finds the body of each line by its number.
  private func searchAll(
    _ bodies: [(guid: String, text: SecretBytes)], onlySelection: Bool
  ) throws -> [(body: Int, lines: SecretBytes)] {
    let own = [colour, "--line-number"]
    guard
      let output = try run(
        arguments.arguments(own, onlySelection: onlySelection), .concatenating(bodies.map(\.text)))
    else { return [] }
    var found: [(body: Int, lines: SecretBuilder)] = []
    var body = -1
    var end = 0
    try output.withUnsafeBytes { output in
      var lines = NumberedLines(output)
      while let line = try lines.next() {
        while line.number > end, body + 1 < bodies.count {
          body += 1
          end += bodies[body].text.withUnsafeBytes { text in text.count { $0 == 0x0A } }
        }
        if found.last?.body != body { found.append((body, SecretBuilder())) }
        found[found.count - 1].lines.append(line.text)
      }
    }
    return found.map { entry in
      var lines = entry.lines
      return (entry.body, lines.finish())
    }
  }

  /// Runs grep.
  ///
  /// - Returns: its output; `nil` if nothing matches.
  private func run(_ arguments: [String], _ input: SecretBytes) throws -> SecretBytes? {
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

/// The lines of grep's output with `--line-number`: number, colon, text.
struct NumberedLines {
  /// Output that does not have the form.
  struct Malformed: Error {}

  private let output: UnsafeRawBufferPointer
  private var position = 0

  /// Makes the lines of an output, which must outlive them.
  init(_ output: UnsafeRawBufferPointer) { self.output = output }

  /// Returns the next line: its number, and its text with the line feed; `nil` at the end.
  mutating func next() throws -> (number: Int, text: UnsafeRawBufferPointer)? {
    guard position < output.count else { return nil }
    var number = 0
    while position < output.count, (48...57).contains(output[position]), number < 1 << 40 {
      number = 10 * number + Int(output[position] - 48)
      position += 1
    }
    guard position < output.count, output[position] == UInt8(ascii: ":") else { throw Malformed() }
    let start = position + 1
    let end = output[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? output.count
    position = end
    return (number, UnsafeRawBufferPointer(rebasing: output[start..<end]))
  }
}
