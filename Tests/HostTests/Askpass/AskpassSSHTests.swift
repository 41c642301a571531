import Foundation
import Testing

@testable import LockwiseHostSupport

/// ssh and the programs that use it, with passwords from the vault, against the machine's sshd.
@Suite(.enabled(if: PrivateSystem.isPossible, PrivateSystem.requirement))
final class AskpassSSHTests {
  private static let marie = PrivateSystem.Account.marie
  private static let pierre = PrivateSystem.Account.pierre

  private let home: AskpassHome
  private let server: SSHServer

  init() throws {
    home = try AskpassHome()
    server = try SSHServer(home)
  }

  /// Saves the password of an account.
  private func save(_ account: PrivateSystem.Account = marie, at host: String = "127.0.0.1") throws {
    try home.run(
      "save", "ssh", "\(account.name)@\(host):\(server.port)", input: .text(account.password + "\n")
    ).expectSuccess()
  }

  private func run(_ program: String, _ arguments: [String], with variables: [String: String] = [:]) throws -> Run {
    try Run.program(
      Executables.ofSystem(program), arguments, environment: home.environment.merging(variables) { $1 }, timeout: 30)
  }

  /// Checks that ssh signs in at the first attempt.
  private func expectSignIn(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
    let run = try run("ssh", ["-F", server.configuration] + arguments + ["echo signed in"])
    #expect(run.status == 0 && run.output == "signed in\n", "\(run.error)", sourceLocation: sourceLocation)
    #expect(server.failures == 0, "\(server.log)", sourceLocation: sourceLocation)
  }

  @Test(arguments: ["password", "keyboard-interactive", "keyboard-interactive,password", "publickey,password"])
  func eachMethodSucceedsAtOnce(methods: String) throws {
    try save()
    try expectSignIn("-o", "PreferredAuthentications=\(methods)", "-p", "\(server.port)", "marie@127.0.0.1")
    try expectSignIn("-o", "PreferredAuthentications=\(methods)", "ssh://marie@127.0.0.1:\(server.port)")
  }

  /// ssh's prompt has the host after `HostName`, or `HostKeyAlias`, and no port.
  @Test func configurationsOfTheUserApply() throws {
    try server.configure(
      """
      Host plain
        HostName 127.0.0.1
        Port \(server.port)
        User marie
      Host alias
        HostName 127.0.0.1
        HostKeyAlias The.Alias
        Port \(server.port)
        User marie
      Match host matched exec "test -d /"
        HostName LOCALHOST
        Port \(server.port)
        User marie
      """)
    for host in ["127.0.0.1", "the.alias", "localhost"] { try save(at: host) }
    for host in ["plain", "alias", "matched"] { try expectSignIn(host) }
    try expectSignIn("-p", "\(server.port)", "-l", "marie", "LocalHost")
  }

  @Test func aJumpHostHasAPasswordOfItsOwn() throws {
    try save(Self.pierre, at: "localhost")
    try save()
    try expectSignIn(
      "-J", "pierre@localhost:\(server.port)", "-p", "\(server.port)", "marie@127.0.0.1")
  }

  @Test func programsThatRunSSHGetThePassword() throws {
    try save()
    let file = home.scratch.root + "/file"
    try home.scratch.write("content\n", to: file)
    chmod(home.scratch.root, 0o755)
    chmod(file, 0o644)
    let port = "\(server.port)"
    let copies = home.scratch.root + "/copies"
    try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: false)
    try run("scp", ["-F", server.configuration, "-P", port, "marie@127.0.0.1:\(file)", copies + "/scp"]).expectSuccess()
    try home.scratch.write("get \(file) \(copies)/sftp\n", to: home.scratch.root + "/batch")
    // With -b, sftp would ask for nothing: the commands come from standard input.
    try Run.program(
      Executables.ofSystem("sftp"), ["-F", server.configuration, "-P", port, "marie@127.0.0.1"],
      input: .text("get \(file) \(copies)/sftp\n"), environment: home.environment, timeout: 30
    ).expectSuccess()
    var expected = ["scp", "sftp"]
    if (try? Executables.ofSystem("rsync")) != nil {
      let shell = "ssh -F \(server.configuration) -p \(port)"
      try run("rsync", ["-e", shell, "marie@127.0.0.1:\(file)", copies + "/rsync"]).expectSuccess()
      expected.append("rsync")
    }
    for name in expected {
      #expect(try String(contentsOfFile: copies + "/" + name, encoding: .utf8) == "content\n", "\(name)")
    }
    #expect(server.failures == 0, "\(server.log)")
  }

  @Test func gitOverSSHGetsThePassword() throws {
    try save()
    let repository = home.scratch.root + "/repository"
    chmod(home.scratch.root, 0o755)
    let script = """
      git init -q --bare "$0" && chmod -R a+rX "$0" && git config --file "$0/config" --add safe.directory '*'
      """
    try run("sh", ["-c", script, repository]).expectSuccess()
    // The server's git runs as another user, whose own configuration trusts the repository.
    try home.scratch.write("[safe]\ndirectory = *\n", to: home.scratch.root + "/home/.gitconfig")
    chmod(home.scratch.root + "/home", 0o755)
    chmod(home.scratch.root + "/home/.gitconfig", 0o644)
    let run = try run(
      "git", ["ls-remote", "ssh://marie@127.0.0.1:\(server.port)\(repository)"],
      with: ["GIT_SSH_COMMAND": "ssh -F \(server.configuration)"])
    #expect(run.status == 0, "\(run.error)")
    #expect(server.failures == 0, "\(server.log)")
  }

  /// The login of another port, user or host is not the account's.
  @Test func otherLoginsOfTheHostAreNotSent() throws {
    let other = try AskpassHome([
      .init("ssh://127.0.0.1", realm: "ssh", "marie", Self.marie.password),
      .init("ssh://127.0.0.1:\(server.port + 1)", realm: "ssh", "marie", Self.marie.password),
      .init("ssh://127.0.0.1:\(server.port)", realm: "ssh", "pierre", Self.marie.password),
      .init("ssh://localhost:\(server.port)", realm: "ssh", "marie", Self.marie.password),
      .init("https://127.0.0.1:\(server.port)", realm: "ssh", "marie", Self.marie.password),
    ])
    let run = try Run.program(
      Executables.ofSystem("ssh"), ["-F", server.configuration, "-p", "\(server.port)", "marie@127.0.0.1", "true"],
      environment: other.environment, timeout: 30)
    #expect(run.status == 255, "\(run.error)")
    #expect(server.failures > 0, "\(server.log)")
  }

  @Test func keyboardInteractiveCanBeExcluded() throws {
    try save()
    let options = ["-F", server.configuration, "-p", "\(server.port)", "marie@127.0.0.1", "true"]
    let variables = ["LOCKWISE_ASKPASS_KBDINT": "never"]
    let interactive = try run(
      "ssh", ["-o", "PreferredAuthentications=keyboard-interactive"] + options, with: variables)
    #expect(interactive.status == 255)
    try run("ssh", ["-o", "PreferredAuthentications=password"] + options, with: variables).expectSuccess()
  }
}
