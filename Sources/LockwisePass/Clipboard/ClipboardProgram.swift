import LockwiseCLI
import LockwiseCore

/// A program that puts its standard input into the clipboard.
struct ClipboardProgram: Equatable {
  /// How a program keeps the clipboard.
  enum Kind: String {
    /// It owns the clipboard while it runs, and ends when another program copies something.
    case holder
    /// As `holder`; it keeps what it holds in a file, which it leaves behind if it is ended (wl-copy).
    case filingHolder
    /// It hands its input to the system and ends. Empty input empties the clipboard.
    case setter
    /// Any of these: the user's own.
    case unknown
  }

  /// The program's name or path.
  let name: String
  /// The arguments with which it stays in the foreground.
  let arguments: [String]
  /// How it keeps the clipboard.
  let kind: Kind

  /// Why there is no program.
  enum Missing: Error, Equatable {
    /// There is no display, and no other clipboard.
    case noDisplay
    /// There is a display, but none of these programs is installed.
    case notInstalled([String])
  }

  /// Chooses a program.
  ///
  /// - Parameters:
  ///   - configuration: `LOCKWISE_PASS_CLIP` names a program and its arguments, separated by spaces; `WAYLAND_DISPLAY`
  ///     and `DISPLAY` show which displays there are.
  ///   - selection: the selection to fill.
  ///   - isInstalled: whether a program is in the folders of `PATH`.
  ///   - supportsSensitive: whether wl-copy supports `--sensitive`.
  /// - Returns: the program, or why there is none.
  static func choose(
    _ configuration: Configuration, _ selection: ClipboardSelection, isInstalled: (String) -> Bool,
    supportsSensitive: () -> Bool
  ) -> Result<ClipboardProgram, Missing> {
    let words = (configuration["LOCKWISE_PASS_CLIP"] ?? "").split(separator: " ").map(String.init)
    if let name = words.first {
      return .success(ClipboardProgram(name: name, arguments: Array(words.dropFirst()), kind: .unknown))
    }
    var missing: [String] = []
    if configuration.environment["WAYLAND_DISPLAY"] != nil {
      if isInstalled("wl-copy") { return .success(wayland(selection, isSensitive: supportsSensitive())) }
      missing.append("wl-copy")
    }
    if configuration.environment["DISPLAY"] != nil {
      if isInstalled("xclip") {
        // Without -quiet it would run in the background.
        return .success(
          ClipboardProgram(name: "xclip", arguments: ["-quiet", "-selection", selection.rawValue], kind: .holder))
      }
      if isInstalled("xsel") {
        return .success(
          ClipboardProgram(
            name: "xsel", arguments: ["--nodetach", "--input", "--\(selection.rawValue)"], kind: .holder))
      }
      missing += ["xclip", "xsel"]
    }
    if isInstalled("termux-clipboard-set") {
      return .success(ClipboardProgram(name: "termux-clipboard-set", arguments: [], kind: .setter))
    }
    return .failure(missing.isEmpty ? .noDisplay : .notInstalled(missing))
  }

  /// The type is given because wl-copy would otherwise start a program that reads the secret to find it out.
  private static func wayland(_ selection: ClipboardSelection, isSensitive: Bool) -> ClipboardProgram {
    ClipboardProgram(
      name: "wl-copy",
      arguments: ["--foreground", "--type", "text/plain"] + (isSensitive ? ["--sensitive"] : [])
        + (selection == .primary ? ["--primary"] : []), kind: .filingHolder)
  }

  /// Returns whether wl-copy supports `--sensitive`, which asks clipboard histories not to keep the text (wl-clipboard
  /// 2.3).
  static func isSensitiveSupported(_ environment: Environment) -> Bool {
    let help = try? ChildProcess.output(of: "wl-copy", ["--help"], environment: environment, timeout: 1000)
    return help?.exposedText()?.utf8.firstRange(of: "--sensitive") != nil
  }
}
