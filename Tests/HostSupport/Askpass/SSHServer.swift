import Foundation
import Testing

/// The machine's sshd on loopback, with the accounts of a `PrivateSystem`, and a configuration for clients.
final class SSHServer {
  let port: UInt16
  /// The accounts and PAM services that sshd uses.
  let system: PrivateSystem
  /// The path of the configuration for clients.
  let configuration: String
  /// The path of the host's public keys for clients.
  let knownHosts: String
  private let root: String
  private let process: RunningProgram

  /// Starts a server with the files of a home.
  convenience init(_ home: AskpassHome, service: String? = nil, options: [String] = []) throws {
    try self.init(home.scratch, system: PrivateSystem(home.scratch), service: service, options: options)
  }

  /// Starts a server.
  ///
  /// - Parameters:
  ///   - scratch: the place of its files.
  ///   - system: the accounts.
  ///   - service: the PAM lines for authentication; the account's password if `nil`.
  ///   - options: further lines of sshd_config.
  init(_ scratch: Scratch, system: PrivateSystem, service: String? = nil, options: [String] = []) throws {
    root = scratch.root + "/sshd-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
    self.system = system
    if let service { try system.writeService("sshd", service) }
    port = try Self.freePort()
    (configuration, knownHosts) = (root + "/ssh_config", root + "/known_hosts")
    try Run.program(
      Executables.ofSystem("ssh-keygen"), ["-q", "-t", "ed25519", "-N", "", "-f", root + "/host"],
      environment: scratch.environment
    ).expectSuccess()
    let key = try String(contentsOfFile: root + "/host.pub", encoding: .utf8)
    try scratch.write("* " + key, to: knownHosts)
    try scratch.write(
      """
      Port \(port)
      ListenAddress 127.0.0.1
      HostKey \(root)/host
      PidFile none
      UsePAM yes
      KbdInteractiveAuthentication yes
      PasswordAuthentication yes
      AuthorizedKeysFile \(root)/authorized_keys
      StrictModes no
      PrintMotd no
      PrintLastLog no
      UseDNS no
      LogLevel VERBOSE
      MaxAuthTries 20
      Subsystem sftp internal-sftp

      """ + options.map { $0 + "\n" }.joined(), to: root + "/sshd_config")
    try scratch.write(
      """
      Host *
        UserKnownHostsFile \(knownHosts)
        GlobalKnownHostsFile /dev/null
        StrictHostKeyChecking yes
        IdentityAgent none
        LogLevel ERROR
        ConnectTimeout 20

      """, to: configuration)
    let (program, arguments) = system.command(
      try Executables.ofSystem("sshd"), ["-D", "-f", root + "/sshd_config", "-E", root + "/log"])
    process = try RunningProgram(program, arguments, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
    let (port, process) = (port, process)
    guard Deadline(seconds: 20).await({ Self.isListening(port) || process.hasEnded }), !process.hasEnded else {
      throw TimedOut(description: "sshd does not start: \(log)")
    }
  }

  deinit { process.signal(SIGTERM) }

  /// The log of sshd.
  var log: String { (try? String(contentsOfFile: root + "/log", encoding: .utf8)) ?? "" }

  /// The number of rejected attempts to sign in.
  var failures: Int {
    log.split(separator: "\n").count { line in
      line.contains("Failed ") && !line.contains("Failed none") || line.contains("PAM: Authentication failure")
    }
  }

  /// Permits a key.
  func authorize(_ publicKey: String) throws {
    let line = try String(contentsOfFile: publicKey, encoding: .utf8)
    let path = root + "/authorized_keys"
    let present = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    try Data((present + line).utf8).write(to: URL(fileURLWithPath: path))
    // sshd reads it as the account's user.
    chmod(path, 0o644)
    chmod(root, 0o755)
    chmod(URL(fileURLWithPath: root).deletingLastPathComponent().path, 0o755)
  }

  /// Adds lines before the common part of the clients' configuration.
  func configure(_ lines: String) throws {
    let text = try String(contentsOfFile: configuration, encoding: .utf8)
    try Data((lines + "\n" + text).utf8).write(to: URL(fileURLWithPath: configuration))
  }

  private static func freePort() throws -> UInt16 {
    let (descriptor, port) = try bound()
    close(descriptor)
    return port
  }

  private static func bound() throws -> (Int32, UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw Spawn.Failure(program: "a port", number: errno) }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  private static func isListening(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
