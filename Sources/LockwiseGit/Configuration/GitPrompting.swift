import Glibc
import LockwiseCLI
import LockwiseCore

/// The rules for prompts below a git command.
enum GitPrompting {
  /// Where git's environment permits prompts. An empty or false `GIT_TERMINAL_PROMPT` forbids the terminal, and so does a
  /// program in `GIT_ASKPASS` (git(1)): a user at the terminal, if there is one, does not expect a prompt there.
  static func scope(_ environment: Environment) -> PromptScope {
    let isForbidden =
      environment["GIT_ASKPASS"] != nil
      || environment.value("GIT_TERMINAL_PROMPT") != nil && !environment.isOn("GIT_TERMINAL_PROMPT")
    guard isForbidden else { return .anywhere }
    return environment["DISPLAY"] ?? environment["WAYLAND_DISPLAY"] == nil ? .nowhere : .window
  }

  /// The git command that this process works for: its topmost ancestor that is a git program.
  ///
  /// - Parameters:
  ///   - parent: the process to begin with.
  ///   - stat: the content of `/proc/<id>/stat`.
  static func command(
    from parent: Int = Int(getppid()), stat: (Int) -> [UInt8]? = ProcessIdentity.stat(of:)
  ) -> ProcessIdentity? {
    .topmost(from: parent, where: { $0 == "git" || $0.hasPrefix("git-") }, stat: stat)
  }
}
