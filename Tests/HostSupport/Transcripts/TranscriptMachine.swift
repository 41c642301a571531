import Foundation
import LockwiseTestSupport
import Testing

/// A machine of its own for the commands of a transcript: a user who may use sudo, and an ssh server that lets the user
/// in with the same password and home. Each command runs in a login shell, as after a new login.
final class TranscriptMachine {
  private let server: SSHServer
  private let user: PrivateSystem.Account
  private let scratch: Scratch

  /// The port of the ssh server, which the user's configuration of ssh names.
  var port: UInt16 { server.port }

  /// Starts the ssh server.
  ///
  /// - Parameters:
  ///   - scratch: the user's home. Its environment gets copies of the programs, which the user can run.
  ///   - machine: the machine's host name.
  ///   - sshServer: the name under which ssh reaches it.
  init(_ scratch: Scratch, name: String, password: String, machine: String, sshServer: String) throws {
    self.scratch = scratch
    user = PrivateSystem.Account(name: name, password: password, id: PrivateSystem.Account.marie.id)
    let system = try PrivateSystem(scratch, accounts: [user])
    system.hostName = machine
    try system.write("127.0.0.1 localhost \(machine) \(sshServer)\n", to: "hosts")
    try system.write("", to: "profile")
    server = try SSHServer(scratch, system: system)
    try layOutHome()
  }

  private func layOutHome() throws {
    let files = FileManager.default
    let (bin, ssh) = (scratch.root + "/bin", scratch.environment["HOME", default: ""] + "/.ssh")
    for folder in [bin, ssh] { try files.createDirectory(atPath: folder, withIntermediateDirectories: false) }
    for name in try files.contentsOfDirectory(atPath: Executables.directory) {
      try Spawn.alone { try files.copyItem(atPath: Executables.path(name), toPath: bin + "/" + name) }
    }
    try files.copyItem(atPath: server.knownHosts, toPath: ssh + "/known_hosts")
    try scratch.write("Port \(port)\nPreferredAuthentications password\nLogLevel ERROR\n", to: ssh + "/config")
    scratch.environment["PATH"] = bin + ":/usr/bin:/bin"
    scratch.environment["LOGNAME"] = user.name
    scratch.environment["USER"] = user.name
  }

  /// Gives the user the files that a test wrote. Called once, before the first command.
  func takeOver() throws {
    chmod(scratch.root, 0o755)
    let owned = ["home", "state", "key", "gitconfig"].map { scratch.root + "/" + $0 }
    try Run.program(
      "/bin/chown", ["-R", "\(user.id):\(user.id)"] + owned.filter { access($0, F_OK) == 0 }, environment: [:]
    ).expectSuccess()
  }

  /// Returns the command line that runs a script of sh as the user.
  func command(_ script: String) -> (program: String, arguments: [String]) {
    server.system.command("/bin/sh", ["-lc", script], as: user)
  }
}
