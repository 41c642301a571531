import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// podman and buildah that an ordinary user runs. They start the helper in a user namespace in which root has no number,
/// so that `/` and `/home` belong to a user who could be anybody (user_namespaces(7)).
@Suite(
  .enabled(
    if: PrivateSystem.isPossible && RootlessTools.areInstalled,
    "needs root, unshare(1), an overlay over /etc, podman, buildah and newuidmap"))
final class DockerRootlessTests {
  private static let marie = PrivateSystem.Account.marie
  private static let account = DockerHome.account
  private static let passphrase = "pitchblende 1898 polonium radium 226"

  private let scratch: Scratch
  private let system: PrivateSystem
  /// The user's home directory as the test sees it.
  private let home: String
  private let registry: String
  private let server: RunningProgram
  private let log: String

  init() throws {
    scratch = try Scratch()
    system = try PrivateSystem(scratch)
    for name in ["subuid", "subgid"] { try system.write("marie:1000000:65536\n", to: name) }
    log = scratch.root + "/registry-log"
    (server, registry) = try DockerHome.startRegistry(log: log, environment: scratch.environment)
    let homes = scratch.root + "/homes"
    system.homes = homes
    home = homes + "/marie"
    let files = FileManager.default
    for folder in [homes, home, home + "/bin", home + "/.config/containers"] {
      try files.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }
    for name in ["docker-credential-lockwise", "lockwise-sync"] {
      try Spawn.alone { try files.copyItem(atPath: Executables.path(name), toPath: home + "/bin/" + name) }
    }
    try scratch.write("credential-helpers = [\"lockwise\"]\n", to: home + "/.config/containers/registries.conf")
    try makeVault(home + "/.local/state/lockwise", .keyFile(path: "/home/marie/key"))
  }

  deinit {
    server.signal(SIGKILL)
    _ = try? server.finish(timeout: 10)
  }

  private func makeVault(_ path: String, _ source: KeySlot.Source) throws {
    try scratch.write(Self.passphrase, to: home + "/key")
    let slot = NewKeySlot(source: source, credential: SecretBytes(utf8: Self.passphrase), cost: TestVault.cost)
    _ = try VaultFile.create(
      in: VaultDirectory(path: path), slots: [slot],
      documents: [.account: SecretBytes(utf8: #"{"email":"marie.curie@example.org"}"#)], random: SystemRandom())
    try give(home)
  }

  /// Gives a folder and everything in it to a user.
  private func give(_ path: String, to user: UInt32 = marie.id) throws {
    try Run.program("/bin/chown", ["-R", "\(user):\(user)", path], environment: [:]).expectSuccess()
  }

  /// Runs a program as the user. All processes that it leaves, such as podman's, end with it.
  private func run(
    _ program: String, _ arguments: [String], input: String = "", with variables: [String: String] = [:]
  ) throws -> Run {
    let (path, arguments) = system.command(program, arguments, as: Self.marie)
    let environment = [
      "HOME": "/home/marie", "USER": "marie", "PATH": "/home/marie/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8",
      "XDG_RUNTIME_DIR": "/run/user/\(Self.marie.id)", "LOCKWISE_PINENTRY": "", "LOCKWISE_PULL_INTERVAL": "0",
      "LOCKWISE_UNLOCK_TIME": "0",
    ]
    return try Run.program(
      "/usr/bin/unshare", ["--pid", "--fork", "--kill-child=KILL", "--mount-proc", path] + arguments,
      input: .text(input), environment: environment.merging(variables) { $1 })
  }

  /// Runs the helper in the namespace of podman.
  private func helper(_ command: String, with variables: [String: String] = [:]) throws -> Run {
    try run("/usr/bin/podman", ["unshare", "docker-credential-lockwise", command], with: variables)
  }

  private func logIn(_ tool: String) throws -> Run {
    try run(
      tool,
      [
        "login", "--tls-verify=false", "--username", Self.account.username, "--password-stdin", registry,
      ], input: Self.account.password)
  }

  @Test(arguments: RootlessTools.all) func logsInAndOut(tool: String) throws {
    try logIn(tool).expectSuccess()
    #expect(
      try String(contentsOfFile: log, encoding: .utf8)
        == "\(Self.account.username) \(Self.account.password) 200\n")
    let listed = try run("/home/marie/bin/docker-credential-lockwise", ["list"]).expectSuccess()
    #expect(listed.output == "{\"\(registry)\":\"\(Self.account.username)\"}\n")
    #expect(try helper("list").expectSuccess().output == listed.output)
    try run(tool, ["logout", registry]).expectSuccess()
    #expect(try helper("list").expectSuccess().output == "{}\n")
  }

  /// A group that only the user is in may write to the home directory, as some systems have it.
  @Test func knowsThePrivateGroup() throws {
    #expect(chmod(home, 0o775) == 0)
    #expect(try helper("list").expectSuccess().output == "{}\n")
    #expect(chown(home, Self.marie.id, PrivateSystem.Account.pierre.id) == 0)
    #expect(try helper("list").error.contains("cannot trust /home/marie: other users can change it"))
  }

  /// A vault in a folder of another user, and in one of root below which it is trusted outside of the namespace.
  @Test(arguments: [PrivateSystem.Account.pierre.id, 0]) func refusesFoldersThatCouldBeAnybodys(owner: UInt32) throws {
    let folder = scratch.root + "/homes/shared"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    try makeVault(folder + "/lockwise", .keyFile(path: "/home/marie/key"))
    try give(folder + "/lockwise")
    #expect(chown(folder, owner, owner) == 0)
    let variables = ["LOCKWISE_HOME": "/home/shared/lockwise"]
    let inside = try helper("list", with: variables)
    #expect(inside.status == 1, "\(inside.output)")
    #expect(
      inside.error.contains("cannot trust /home/shared: this user namespace does not show to whom it belongs"),
      "\(inside.error)")
    let outside = try run("/home/marie/bin/docker-credential-lockwise", ["list"], with: variables)
    #expect(outside.isSuccess == (owner == 0), "\(outside.error)")
    #expect(owner == 0 || outside.error.contains("cannot trust /home/shared: it belongs to another user"))
  }

  /// The keys of a vault that was unlocked outside are found, because the session's keyring is the same.
  @Test(.needsKeyring) func findsTheKeysOfTheSession() throws {
    let path = home + "/.local/state/lockwise"
    try FileManager.default.removeItem(atPath: path)
    try give(home, to: 0)
    try makeVault(path, .passphrase)
    try scratch.write(
      """
      #!/bin/sh
      echo 'OK Pleased to meet you'
      while read -r line; do
        case $line in
          GETPIN*) echo 'D \(Self.passphrase)'; echo OK ;;
          *) echo OK ;;
        esac
      done
      """, to: home + "/bin/pinentry")
    try give(home)
    let script = """
      keyctl link @u @s && lockwise-sync unlock && export LOCKWISE_NO_PROMPT=1 &&
      podman unshare docker-credential-lockwise list && lockwise-sync lock &&
      podman unshare docker-credential-lockwise list
      """
    let run = try run(
      "/usr/bin/keyctl", ["session", "-", "/bin/sh", "-c", script],
      with: ["LOCKWISE_PINENTRY": "/home/marie/bin/pinentry", "DISPLAY": ":4711", "LOCKWISE_UNLOCK_TIME": "600"])
    #expect(run.status == 1 && run.output.hasPrefix("{}\n"), "\(run.error)")
    #expect(run.error.contains("the vault is locked"), "\(run.error)")
  }
}

/// The container tools that an ordinary user can run.
private enum RootlessTools {
  static let all = ["/usr/bin/podman", "/usr/bin/buildah"]
  static let areInstalled = (all + ["/usr/bin/newuidmap"]).allSatisfy { access($0, X_OK) == 0 }
}

extension Run {
  fileprivate var isSuccess: Bool { status == 0 }
}
