import Glibc
import LockwiseCLI
import LockwiseCore

/// The user's editor, a command for the shell as git(1) and pass(1) run it.
struct EditorCommand: Equatable {
  /// The command: `VISUAL`, else `EDITOR`, else `editor` or `vi`.
  let text: String
  /// The switches in front of the file's name.
  let switches: [String]

  /// The switches that keep vim and nvim from writing the text anywhere else: into a swap, backup or undo file, or the
  /// memory of registers (vim's manual, `-n`, `-i`, `backup`, `writebackup`, `undofile`). They also keep a text from
  /// setting options.
  static let vimSwitches = [
    "-n", "-i", "NONE", "--cmd", "set nomodeline", "-c", "set noswapfile nobackup nowritebackup", "-c",
    "silent! set noundofile",
  ]

  /// Reads the environment.
  ///
  /// - Parameter isInstalled: whether a program is in the folders of `PATH`.
  init(_ environment: Environment) {
    let search = ProgramSearch(environment)
    let fallback = search.find("editor") != nil ? "editor" : "vi"
    text = environment["VISUAL"] ?? environment["EDITOR"] ?? fallback
    switches = Self.isVim(text, search) ? Self.vimSwitches : []
  }

  /// The arguments of `sh` that open a file.
  func arguments(opening file: String) -> [String] { ["-c", "\(text) \"$@\"", text] + switches + [file] }

  /// Returns whether the first word of a command is vim or nvim, by its name or by the file that it is a link to.
  static func isVim(_ command: String, _ search: ProgramSearch) -> Bool {
    let quotes: Set<Character> = ["'", "\"", "\\"]
    guard let word = command.split(whereSeparator: { $0 == " " || $0 == "\t" }).first else { return false }
    let program = String(word.filter { !quotes.contains($0) })
    if isVimName(program) { return true }
    guard let path = search.find(program), let target = realpath(path, nil) else { return false }
    defer { free(target) }
    return isVimName(String(cString: target))
  }

  private static func isVimName(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return ["vim", "nvim", "gvim"].contains { name == $0 || name.hasPrefix($0 + ".") }
  }
}
