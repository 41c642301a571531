import Foundation
import Testing

/// Accounts, PAM services and rules for sudo that exist for one test only: the programs that run in it see other files in
/// `/etc`, in a mount namespace of their own (mount_namespaces(7)). Nothing of the machine changes.
final class PrivateSystem {
  /// An account with a password.
  struct Account: Sendable {
    let name: String
    let password: String
    let id: UInt32

    static let marie = Account(name: "marie", password: "pitch & blende 'ü' \\ %41", id: 64_001)
    static let pierre = Account(name: "pierre", password: "radium 226", id: 64_002)
  }

  /// Whether this machine permits such a namespace, which needs root.
  static let isPossible: Bool = {
    guard geteuid() == 0, let folder = try? Scratch(), let system = try? PrivateSystem(folder, accounts: []) else {
      return false
    }
    let (program, arguments) = system.command("/bin/true", [])
    return (try? Run.program(program, arguments, environment: folder.environment).status) == 0
  }()

  /// The reason for skipping a test.
  static let requirement: Comment = "needs root, unshare(1), an overlay over /etc, sshd and sudo"

  /// Whether users see only their own processes in `/proc` (proc(5), `hidepid`).
  var hidesProcesses = false

  /// The folder that programs see as `/home`; `nil` leaves the machine's.
  var homes: String?

  /// The host name that programs see; `nil` leaves the machine's.
  var hostName: String?

  /// The folder of files that replace those in `/etc`.
  private let etc: String

  /// Makes a system.
  ///
  /// - Parameter accounts: the accounts, which may run everything with sudo.
  init(_ scratch: Scratch, accounts: [Account] = [.marie, .pierre]) throws {
    etc = scratch.root + "/etc"
    try FileManager.default.createDirectory(atPath: etc + "/pam.d", withIntermediateDirectories: true)
    chmod(etc, 0o755)
    chmod(etc + "/pam.d", 0o755)
    var (users, shadows, groups, rules) = ("", "", "", "Defaults !syslog, lecture=never, passwd_tries=3\n")
    for account in accounts {
      users += "\(account.name):x:\(account.id):\(account.id)::\(scratch.root)/home:/bin/sh\n"
      groups += "\(account.name):x:\(account.id):\n"
      shadows += "\(account.name):\(try Self.hash(account.password)):19000:0:99999:7:::\n"
      rules += "\(account.name) ALL=(ALL:ALL) ALL\n"
    }
    for (name, text) in [("passwd", users), ("group", groups), ("shadow", shadows)] {
      try write(try String(contentsOfFile: "/etc/" + name, encoding: .utf8) + text, to: name)
    }
    try write("root ALL=(ALL:ALL) ALL\n" + rules, to: "sudoers", mode: 0o440)
    for service in ["sshd", "sudo", "other"] { try writeService(service, "auth required pam_unix.so nodelay") }
  }

  /// Writes a PAM service with the given lines for authentication.
  func writeService(_ name: String, _ authentication: String) throws {
    try write(
      authentication
        + "\naccount required pam_unix.so\nsession required pam_permit.so\npassword required pam_unix.so\n",
      to: "pam.d/" + name)
  }

  /// Writes a file that is in `/etc` for the programs of the system.
  func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
    let path = etc + "/" + name
    unlink(path)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    chmod(path, mode)
  }

  /// Marks the password of an account as expired.
  func expirePassword(of account: Account) throws {
    let text = try String(contentsOfFile: etc + "/shadow", encoding: .utf8)
    let lines = text.split(separator: "\n").map { line in
      line.hasPrefix(account.name + ":") ? String(line.replacing(":19000:", with: ":0:")) : String(line)
    }
    try write(lines.joined(separator: "\n") + "\n", to: "shadow", mode: 0o600)
  }

  /// Returns the command line that runs a program in the system.
  ///
  /// - Parameter account: the account that runs it; root if `nil`.
  func command(_ program: String, _ arguments: [String], as account: Account? = nil) -> (String, [String]) {
    let mount = """
      set -e
      mount -t overlay overlay -o "lowerdir=$0:/etc" /etc
      mount -t tmpfs -o mode=755 tmpfs /run
      mkdir -m 755 /run/sshd
      \(homes.map { "mount --bind '\($0)' /home" } ?? ":")
      \(account.map { "install -d -m 755 /run/user; install -d -m 700 -o \($0.id) /run/user/\($0.id)" } ?? ":")
      \(hidesProcesses ? "mount -t proc -o hidepid=2 proc /proc" : ":")
      \(hostName.map { "hostname '\($0)'" } ?? ":")
      exec "$@"
      """
    let identity =
      account.map { ["/usr/bin/setpriv", "--reuid=\($0.id)", "--regid=\($0.id)", "--clear-groups", "--"] } ?? []
    return (
      "/usr/bin/unshare",
      ["--mount", "--propagation", "private"] + (hostName == nil ? [] : ["--uts"])
        + ["/bin/sh", "-c", mount, etc] + identity + [program] + arguments
    )
  }

  private static func hash(_ password: String) throws -> String {
    try Run.program(
      Executables.ofSystem("openssl"), ["passwd", "-6", "-stdin"], input: .text(password + "\n"), environment: [:]
    ).lines.first ?? "!"
  }
}
