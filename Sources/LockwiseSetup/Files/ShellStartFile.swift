import Glibc
import LockwiseCore

/// The file that the user's login shell reads when a session begins.
package struct ShellStartFile: Equatable, Sendable {
  /// Its path.
  package let path: String
  /// The language that it is written in.
  package let syntax: ShellSyntax

  /// Finds the file; `nil` if the shell has none that is written in a known language.
  ///
  /// - `bash`: the first of `~/.bash_profile`, `~/.bash_login` and `~/.profile` that it can read (bash(1), INVOCATION).
  /// - `zsh`: `.zprofile` in `ZDOTDIR`, else in the home directory (zsh(1), STARTUP/SHUTDOWN FILES).
  /// - `fish`: a file of our own in `conf.d` (fish(1), "Configuration files").
  /// - `sh`, `dash`, `ash`, `ksh` and `mksh`: `~/.profile`.
  ///
  /// - Parameters:
  ///   - shell: the name or path of the login shell.
  ///   - home: the home directory.
  ///   - configurationFolder: `XDG_CONFIG_HOME` or `~/.config`.
  ///   - environment: `ZDOTDIR` is read.
  package init?(of shell: String, home: String, configurationFolder: String, environment: Environment) {
    // A login shell is started under a name with a hyphen (login(1)).
    let name = (shell.split(separator: "/").last ?? "").drop { $0 == "-" }
    switch name {
    case "bash":
      let own = [".bash_profile", ".bash_login"].map { home + "/" + $0 }
      path = own.first { access($0, R_OK) == 0 } ?? home + "/.profile"
      syntax = .posix
    case "zsh":
      let folder = environment["ZDOTDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home
      path = folder + "/.zprofile"
      syntax = .posix
    case "fish":
      path = configurationFolder + "/fish/conf.d/lockwise.fish"
      syntax = .fish
    case "sh", "dash", "ash", "ksh", "ksh93", "mksh", "busybox":
      path = home + "/.profile"
      syntax = .posix
    default: return nil
    }
  }

  /// The user's login shell: `SHELL`, which login(1) sets, else the one in the list of users.
  package static func loginShell(_ environment: Environment) -> String {
    if let shell = environment["SHELL"] { return shell }
    guard let user = getpwuid(geteuid()), let shell = user.pointee.pw_shell else { return "/bin/sh" }
    let text = String(cString: shell)
    return text.isEmpty ? "/bin/sh" : text
  }
}
