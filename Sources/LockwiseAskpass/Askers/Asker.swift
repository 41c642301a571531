import LockwiseCLI

/// The process that asks a question.
struct Asker: Equatable, Sendable {
  /// The kind of a program.
  enum Kind: Equatable, Sendable {
    case ssh, sshAdd, sshKeygen, sshAgent
    /// sudo with effective user 0, or a parent that `/proc` hides from this user.
    case sudo
    /// git, one of its programs, or git-lfs.
    case git
    /// A shell: the user or a script calls this program.
    case shell
    /// Another program.
    case other(name: String)

    /// Determines the kind of the program in a file.
    ///
    /// - Parameter path: the content of the link `/proc/pid/exe`. Its end ` (deleted)` means that the file was replaced
    ///   since the program was started (proc(5)).
    init(program path: [UInt8]) {
      var path = String(decoding: path, as: UTF8.self)
      if path.hasSuffix(" (deleted)") { path.removeLast(" (deleted)".count) }
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      self =
        switch name {
        case "ssh": .ssh
        case "ssh-add": .sshAdd
        case "ssh-keygen": .sshKeygen
        case "ssh-agent": .sshAgent
        // What `ksh` links to has a name of its own.
        case "sh", "bash", "dash", "ksh", "ksh93", "mksh", "zsh", "fish", "busybox": .shell
        case _ where name == "git" || name.hasPrefix("git-"): .git
        default: .other(name: name)
        }
    }
  }

  /// The process.
  let identity: ProcessIdentity
  /// The kind of its program.
  let kind: Kind
  /// Its arguments, starting with the program's name; empty if they cannot be read.
  let arguments: [[UInt8]]
  /// Whether it started this program itself, not through a shell.
  let isDirectParent: Bool

  /// A path that runs the same program again, also if its file was replaced meanwhile (proc(5), `/proc/pid/exe`).
  var program: String { "/proc/\(identity.id)/exe" }
}

extension Asker {
  /// Returns whether the process is one that asks a question in this way (the column "who must ask" of the manual).
  ///
  /// sudo must be the direct parent: a program of the user could otherwise read the password on its way. Many programs
  /// ask in git's words, but a client of ssh would do so only for a server.
  func mayAsk(_ question: Question) -> Bool {
    switch question {
    case .sshPassword: kind == .ssh
    case .keyPassphrase(let prompt):
      switch prompt.wording {
      case .ssh: kind == .ssh
      case .sshAdd: kind == .sshAdd
      case .sshKeygen: kind == .sshKeygen
      }
    case .sudoPassword: kind == .sudo && isDirectParent
    case .gitUserName, .gitPassword: !isSSHClient
    default: false
    }
  }

  /// Whether the program shows texts of ssh servers. Dropbear's client also runs `SSH_ASKPASS` for them, without ssh's
  /// prefix.
  private var isSSHClient: Bool {
    switch kind {
    case .ssh, .other(name: "dbclient"), .other(name: "dropbearmulti"): true
    default: false
    }
  }
}
