import LockwiseCLI
import LockwiseCore

/// A program that shows the lines of its standard input and prints the one that the user selects.
struct MenuProgram: Equatable {
  /// The program's name or path.
  let name: String
  /// Its arguments.
  let arguments: [String]

  /// Chooses a program.
  ///
  /// - Parameters:
  ///   - configuration: `LOCKWISE_PASS_MENU` names a program and its arguments, separated by spaces; `WAYLAND_DISPLAY`
  ///     and `DISPLAY` show which displays there are.
  ///   - isAtTerminal: whether the user is at a terminal, and nothing is typed into another window.
  ///   - isInstalled: whether a program is in the folders of `PATH`.
  /// - Throws: `UserFacingError` if there is none.
  static func choose(_ configuration: Configuration, isAtTerminal: Bool, isInstalled: (String) -> Bool) throws
    -> MenuProgram
  {
    let words = (configuration["LOCKWISE_PASS_MENU"] ?? "").split(separator: " ").map(String.init)
    if let name = words.first { return MenuProgram(name: name, arguments: Array(words.dropFirst())) }
    let hasWayland = configuration.environment["WAYLAND_DISPLAY"] != nil
    let hasX11 = configuration.environment["DISPLAY"] != nil
    let programs: [(isUsable: Bool, program: MenuProgram)] = [
      (isAtTerminal, fzf),
      (hasWayland, MenuProgram(name: "fuzzel", arguments: ["--dmenu"])),
      (hasWayland, MenuProgram(name: "wofi", arguments: ["--dmenu"])),
      (hasWayland || hasX11, MenuProgram(name: "bemenu", arguments: ["-p", "pass"])),
      (hasWayland || hasX11, MenuProgram(name: "rofi", arguments: ["-dmenu", "-p", "pass"])),
      (hasX11, MenuProgram(name: "dmenu", arguments: ["-p", "pass"])),
    ]
    if let found = programs.first(where: { $0.isUsable && isInstalled($0.program.name) }) { return found.program }
    let usable = programs.filter(\.isUsable).map(\.program.name)
    guard !usable.isEmpty else {
      throw UserFacingError("cannot show a menu: there is no display and no terminal", exitCode: .failure)
    }
    throw UserFacingError(
      "cannot show a menu: cannot find \(usable.joined(separator: " or "))",
      hints: ["install one of them, or set pass-menu to another program"], exitCode: .failure)
  }

  private static let fzf = MenuProgram(name: "fzf", arguments: ["--no-multi", "--prompt", "pass> "])

  /// Lets the user select a line.
  ///
  /// - Parameters:
  ///   - lines: the lines, without control characters.
  ///   - environment: the program's environment.
  /// - Returns: exactly one of the lines; `nil` if the user selected none.
  /// - Throws: `UserFacingError` if the program is missing or prints anything else.
  func select(from lines: [String], environment: Environment) throws -> String? {
    let input = SecretBytes(utf8: lines.map { $0 + "\n" }.joined())
    let ending: ChildProcess.Ending?
    let output: SecretBytes
    do {
      (ending, output) = try ChildProcess.exchange(with: name, arguments, environment: environment, input: input)
    } catch ChildProcess.Failure.notFound {
      throw UserFacingError("cannot show a menu: cannot find \(name)", exitCode: .failure)
    }
    var text = output.exposedText() ?? ""
    if text.utf8.last == UInt8(ascii: "\n") { text.removeLast() }
    guard ending == .exited(0), !text.isEmpty else { return nil }
    guard lines.contains(where: { $0.isSameText(as: text) }) else {
      throw UserFacingError("\(name) printed a line that is not in the menu", exitCode: .failure)
    }
    return text
  }
}
