import LockwiseCLI
import LockwiseCore

/// A program that types its standard input into the window that has the focus.
struct TypingProgram: Equatable {
  /// The program's name.
  let name: String
  /// Its arguments.
  let arguments: [String]

  /// Chooses a program for the display.
  ///
  /// - Parameter isInstalled: whether a program is in the folders of `PATH`.
  /// - Throws: `UserFacingError` if there is none.
  static func choose(_ environment: Environment, isInstalled: (String) -> Bool) throws -> TypingProgram {
    let hasWayland = environment["WAYLAND_DISPLAY"] != nil
    let hasX11 = environment["DISPLAY"] != nil
    let programs: [(isUsable: Bool, program: TypingProgram)] = [
      (hasWayland, TypingProgram(name: "wtype", arguments: ["-"])),
      (hasWayland || !hasX11, TypingProgram(name: "ydotool", arguments: ["type", "--file", "-"])),
      (hasX11, TypingProgram(name: "xdotool", arguments: ["type", "--clearmodifiers", "--file", "-"])),
      (hasX11, TypingProgram(name: "ydotool", arguments: ["type", "--file", "-"])),
    ]
    if let found = programs.first(where: { $0.isUsable && isInstalled($0.program.name) }) { return found.program }
    let usable = programs.filter(\.isUsable).map(\.program.name)
    throw UserFacingError(
      "cannot type: cannot find \(usable.joined(separator: " or "))", hint: "install one of them", exitCode: .failure)
  }

  /// Types a secret.
  ///
  /// - Throws: `UserFacingError` if the program fails.
  func type(_ secret: SecretBytes, environment: Environment) throws {
    let ending = try? ChildProcess.run(
      name, arguments, environment: environment, input: secret, streams: .init(output: .null))
    guard ending?.isSuccess == true else {
      throw UserFacingError("cannot type: \(name) failed", exitCode: .failure)
    }
  }
}
