import LockwiseCLI
import LockwiseCore

/// What the waiting process of a copy does, as its command line. No part of it is secret.
struct ClipboardOrder: Equatable {
  /// What empties the clipboard.
  enum Way: Equatable {
    /// The end of a program, or another run of it with empty input.
    case program(ClipboardProgram)
    /// A run of a program.
    case later(ClipboardProgram)
    /// A control sequence to the terminal, which is standard output.
    case terminal(TerminalClipboard)
  }

  /// The name of the process, by which the program recognises that it is to wait.
  static let processName = "lockwise-pass: clipboard"

  /// What empties the clipboard.
  let way: Way
  /// The time for which the secret stays there.
  let time: Milliseconds
  /// When the secret was copied (`Milliseconds.monotonic`).
  let start: Milliseconds
  /// The clipboard, if it can only be emptied by overwriting it. Of several processes for one clipboard only the newest
  /// does so.
  let place: String

  /// Makes an order.
  init(_ way: Way, time: Milliseconds, start: Milliseconds, place: String) {
    self.way = way
    self.time = time
    self.start = start
    self.place = place
  }

  /// The command line without the name.
  var arguments: [String] {
    let common = [time.description, start.description, place]
    return switch way {
    case .program(let program): common + ["program", program.kind.rawValue, program.name] + program.arguments
    case .later(let program): common + ["later", program.kind.rawValue, program.name] + program.arguments
    case .terminal(let terminal):
      common + ["terminal", terminal.selection.rawValue, terminal.multiplexer.rawValue]
    }
  }

  /// Parses a command line.
  ///
  /// - Parameter arguments: the arguments with the process's name in front.
  /// - Returns: `nil` for any other command line.
  init?(_ arguments: [String]) {
    guard arguments.count >= 7, arguments[0] == Self.processName, let time = Int64(arguments[1]),
      let start = Int64(arguments[2])
    else { return nil }
    switch arguments[4] {
    case "program", "later":
      guard let kind = ClipboardProgram.Kind(rawValue: arguments[5]) else { return nil }
      let program = ClipboardProgram(name: arguments[6], arguments: Array(arguments.dropFirst(7)), kind: kind)
      way = arguments[4] == "later" ? .later(program) : .program(program)
    case "terminal":
      guard arguments.count == 7, let selection = ClipboardSelection(rawValue: arguments[5]),
        let multiplexer = TerminalClipboard.Multiplexer(rawValue: arguments[6])
      else { return nil }
      way = .terminal(TerminalClipboard(selection: selection, multiplexer: multiplexer))
    default: return nil
    }
    self.time = Milliseconds(time)
    self.start = Milliseconds(start)
    place = arguments[3]
  }

  /// Returns whether another process waits for the same clipboard since a later copy.
  func isOutdated(by other: ClipboardOrder) -> Bool { other.place == place && other.start > start }
}
