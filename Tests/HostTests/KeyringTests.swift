import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Keys in the kernel keyring: how they are added and found, and the reports of failures.
@Suite(.needsKeyring) final class KeyringTests {
  private static let passphrase = "polonium ☢"
  private static let request = "protocol=https\nhost=github.com\n"

  let stage: TestHome
  let pinentry: PinentryScript

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull(passphrase: Self.passphrase)
    try stage.sync("lock").expectSuccess()
    pinentry = try PinentryScript(stage.scratch)
    try pinentry.answer(Self.passphrase)
  }

  private func run(_ program: String, _ arguments: String...) throws -> Run {
    try Run.program(Executables.ofSystem(program), arguments, environment: stage.scratch.environment)
  }

  @Test func linksTheKeyAfterItsPermissionsAndTime() throws {
    let (trace, run) = try SystemCallTrace.of(
      Executables.path("lockwise-sync"), ["unlock"], input: .none, environment: stage.scratch.environment,
      in: stage.scratch.root)
    run.expectSuccess()
    let calls = trace.calls.filter {
      ["add_key", "keyctl"].contains($0.name) && !$0.arguments.contains("KEYCTL_SEARCH")
    }
    let steps = ["add_key", "KEYCTL_SETPERM", "KEYCTL_SET_TIMEOUT", "KEYCTL_LINK", "KEYCTL_UNLINK"]
    #expect(
      calls.map { $0.name == "add_key" ? $0.name : String($0.arguments.prefix { $0 != "," }) }.starts(with: steps))
    #expect(calls.first?.arguments.hasSuffix("KEY_SPEC_PROCESS_KEYRING") == true, "\(calls)")
    #expect(calls.dropFirst(3).first?.arguments.hasSuffix("KEY_SPEC_USER_KEYRING") == true, "\(calls)")
    let key = try #require(try SessionKey.find(stage.scratch.vaultFile))
    #expect(key.permissions == "3f2f0000")
    #expect(["9m", "10m"].contains(key.timeout), "\(key.timeout)")
  }

  /// A session keyring without a link to the user's, as after su, sudo and in cron, or a revoked one.
  @Test(arguments: ["", "keyctl revoke @s;"])
  func findsTheKeysFromAnotherSessionKeyring(before: String) throws {
    let sync = try Executables.path("lockwise-sync")
    let unlock = try run("keyctl", "session", "-", "/bin/sh", "-c", "\(before) exec \(sync) unlock")
    #expect(unlock.status == 0, "\(unlock.error)")
    let key = try #require(try SessionKey.find(stage.scratch.vaultFile))
    #expect(key.permissions == "3f2f0000" && ["9m", "10m"].contains(key.timeout))
    // From this session, another such session, and one with a link to the user's keyring.
    let get = "printf '\(Self.request)' | git-credential-lockwise get"
    for arguments in [["session", "-", "/bin/sh", "-c", "\(before) \(get)"], ["session", "-", "/bin/sh", "-c", get]] {
      let run = try Run.program(Executables.ofSystem("keyctl"), arguments, environment: stage.scratch.environment)
      #expect(run.output.contains("password=ghp_webAndGit0123456789"), "\(run.error)")
    }
    #expect(try stage.get(Self.request).password == "ghp_webAndGit0123456789")
    // The vault is locked from there too.
    try run("keyctl", "session", "-", sync, "lock").expectSuccess()
    #expect(try SessionKey.find(stage.scratch.vaultFile) == nil)
  }

  /// `su` and `sudo -u` start programs as another user, with the session keyring of the first one.
  private static let asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"]
  private static let canBecomeNobody =
    getuid() == 0
    && (try? Run.program(
      Executables.ofSystem("setpriv"), asNobody + [Executables.path("lockwise-sync"), "--version"],
      environment: [:]))?.status == 0

  @Test(.enabled(if: canBecomeNobody, "only root can become another user, who must be able to run the programs"))
  func keepsKeysForAUserWithoutASession() throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: stage.scratch.root)
    for path in [stage.scratch.root] + files.map({ stage.scratch.root + "/" + $0 }) { lchown(path, 65534, 65534) }
    func asNobody(_ arguments: String..., input: Input = .none) throws -> Run {
      try Run.program(
        Executables.ofSystem("setpriv"), Self.asNobody + [Executables.path(arguments[0])] + arguments.dropFirst(),
        input: input, environment: stage.scratch.environment)
    }
    try asNobody("lockwise-sync", "unlock").expectSuccess()
    let get = try asNobody("git-credential-lockwise", "get", input: .text(Self.request))
    #expect(get.password == "ghp_webAndGit0123456789", "\(get.error)")
    #expect(pinentry.takeQuestions() == 1)
    try asNobody("lockwise-sync", "lock").expectSuccess()
    let locked = try asNobody("lockwise-sync", "status")
    #expect(locked.output.contains("locked:     yes"), "\(locked.error)")
  }

  static let failures = [
    ("add_key:error=ENOSYS", "this kernel has no keyring"),
    ("add_key:error=EPERM", "does not let programs use the kernel keyring"),
    ("add_key:error=EACCES", "your kernel keyring denies access"),
    ("add_key:error=EDQUOT", "your kernel keyring has no space left"),
    ("keyctl:error=ENOSYS", "this kernel has no keyring"),
    ("keyctl:error=EPERM", "does not let programs use the kernel keyring"),
    ("add_key:error=EKEYREVOKED", "your kernel keyring was revoked"),
    ("add_key:error=ENOMEM", "Cannot allocate memory"),
  ]

  @Test(arguments: failures) func reportsEachFailureOfTheKeyring(fault: String, words: String) throws {
    func traced(_ command: String) throws -> Run {
      try run(
        "strace", "-f", "-o", stage.scratch.root + "/strace", "-e", "inject=\(fault)",
        Executables.path("lockwise-sync"), command)
    }
    try traced("unlock").expectRefusal(3, "error: cannot keep the vault unlocked: ", words, "hint: ")
    // The kernel removes the keyring of a process shortly after its end.
    let isGone = try Deadline(seconds: 5).await { try SessionKey.find(stage.scratch.vaultFile) == nil }
    #expect(isGone, "a key was left behind")
    let doctor = try traced("doctor")
    #expect(doctor.output.contains("warn  keyring: each command has to unlock the vault: "), "\(doctor.output)")
    #expect(doctor.output.contains(words))
  }

  /// A failure after the key was made leaves no key, neither in the user's keyring nor without its time.
  @Test(arguments: 1...6) func leavesNoKeyAfterAFailure(call: Int) throws {
    _ = try run(
      "strace", "-f", "-o", stage.scratch.root + "/strace", "-e", "inject=keyctl:error=EACCES:when=\(call)",
      Executables.path("lockwise-sync"), "unlock")
    if let key = try SessionKey.find(stage.scratch.vaultFile) {
      #expect(key.permissions == "3f2f0000" && ["9m", "10m"].contains(key.timeout), "\(key)")
    }
  }
}
