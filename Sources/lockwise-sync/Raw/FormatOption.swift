import ArgumentParser
import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// The format of printed rows.
struct FormatOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Print this format (default: table or, in pipes, json).", valueName: "format"))
  var format: OutputFormat?

  /// The chosen format; without the option, a table on a terminal and JSON elsewhere.
  private var chosen: OutputFormat { format ?? (isatty(1) == 1 ? .table : .json) }

  /// Whether times are dates rather than what the server sent.
  var isForPeople: Bool { chosen == .table }

  /// Prints rows.
  ///
  /// - Parameters:
  ///   - columns: the columns' names.
  ///   - mayHoldFormulas: whether cells are printed even if a spreadsheet would run them.
  ///   - body: called with a function that prints rows.
  func print(
    columns: [String], mayHoldFormulas: Bool = false, _ body: (_ rows: ([OutputRow]) throws -> Void) throws -> Void
  ) throws {
    var encoder = RowEncoder(
      format: chosen, columns: columns, width: StandardOutput.width, mayHoldFormulas: mayHoldFormulas)
    try StandardOutput.write(encoder.begin())
    try body { try StandardOutput.write(encoder.rows($0)) }
    // The headings of an empty table.
    try StandardOutput.write(encoder.rows([]))
    try StandardOutput.write(encoder.end())
  }

  /// Prints the given rows.
  func print(columns: [String], _ rows: [OutputRow]) throws { try print(columns: columns) { try $0(rows) } }
}

extension OutputFormat: ExpressibleByArgument {}
