import LockwiseCLI
import LockwiseCore

/// The command `configure`, which prints settings and changes nothing.
struct ConfigureCommand {
  /// The settings to print.
  let text: String

  /// Makes the settings for a program.
  ///
  /// - Parameters:
  ///   - arguments: the arguments after `configure`.
  ///   - environment: names programs that set variables of their own.
  /// - Throws: `UserFacingError` for other arguments.
  init(_ arguments: ArraySlice<String>, _ environment: Environment) throws {
    let path = ExecutablePath.own ?? "/usr/local/bin/lockwise-askpass"
    let word = Self.quoted(path)
    switch Array(arguments) {
    case ["ssh"]: text = Self.ssh(word) + Self.warnings(environment)
    case ["git"]: text = Self.git(word) + Self.warnings(environment)
    case ["sudo"]: text = Self.sudo(word)
    case ["systemd"]: text = Self.systemd(path)
    default:
      throw UserFacingError(
        "configure needs one of ssh, git, sudo and systemd", hint: "see lockwise-askpass --help", exitCode: .usage)
    }
  }

  private static func ssh(_ path: String) -> String {
    """
    # ~/.profile: ssh asks lockwise-askpass, also at a terminal. Without the program,
    # SSH_ASKPASS_REQUIRE=force would leave ssh unable to ask.
    if [ -x \(path) ]; then
      export SSH_ASKPASS=\(path)
      export SSH_ASKPASS_REQUIRE=force
    fi

    # The same for programs of the desktop, and for an ssh-agent that asks before it uses a
    # key, which needs the variables when it starts:
    # ~/.config/environment.d/50-lockwise-askpass.conf
    #SSH_ASKPASS=\(path)
    #SSH_ASKPASS_REQUIRE=force

    """
  }

  private static func git(_ path: String) -> String {
    """
    # git asks its credential helpers first: git-credential-lockwise configure
    # With lockwise-askpass alone:
    git config --global core.askPass \(path)

    # The variables GIT_ASKPASS, for git only, and SSH_ASKPASS do the same. GIT_ASKPASS comes
    # first, then core.askPass.

    """
  }

  private static func sudo(_ path: String) -> String {
    """
    # ~/.profile: sudo -A asks lockwise-askpass.
    export SUDO_ASKPASS=\(path)

    # The same for all users: /etc/sudo.conf
    #Path askpass \(path)

    # sudo gets a password from the vault only if you save one:
    #lockwise-askpass save sudo
    # While the vault is unlocked, any program that runs as you can then become root with
    # sudo -A. See lockwise-askpass(1), SUDO.

    """
  }

  private static func systemd(_ path: String) -> String {
    """
    # ~/.config/systemd/user/lockwise-ssh-add.service
    # Adds keys to the agent at login. To use it: systemctl --user enable lockwise-ssh-add
    [Unit]
    Description=Add ssh keys with the passphrases in Firefox
    Wants=ssh-agent.service
    After=ssh-agent.service graphical-session.target

    [Service]
    Type=oneshot
    # The socket of ssh-agent.service; change it for another agent.
    Environment=SSH_AUTH_SOCK=%t/openssh_agent
    Environment="SSH_ASKPASS=\(path)"
    Environment=SSH_ASKPASS_REQUIRE=force
    ExecStart=ssh-add

    [Install]
    # With a key file for the vault, it also works without a desktop: default.target
    WantedBy=graphical-session.target

    """
  }

  /// Returns a word quoted for a shell, if it needs that.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0 | 0x20) || "/._-+".utf8.contains($0)
    }
    if isPlain { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// Comments about programs that replace the variables.
  private static func warnings(_ environment: Environment) -> String {
    var lines: [String] = []
    if environment["VSCODE_GIT_ASKPASS_MAIN"] != nil || environment["TERM_PROGRAM"] == "vscode" {
      lines.append(
        "# VS Code sets GIT_ASKPASS and SSH_ASKPASS for its git. To keep yours: git.useIntegratedAskPass false")
    } else {
      lines.append("# VS Code replaces GIT_ASKPASS and SSH_ASKPASS, unless git.useIntegratedAskPass is false.")
    }
    lines.append("# Ansible 12 and later replaces SSH_ASKPASS for ansible_password.")
    return "\n" + lines.map { $0 + "\n" }.joined()
  }
}
