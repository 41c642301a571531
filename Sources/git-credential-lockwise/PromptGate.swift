import CLinux
import Glibc
import LockwiseCore

/// Decides whether a person may be asked to unlock the vault. One git command may run several helpers at once, as
/// `git fetch --jobs` does: they ask one after the other, and the first answer counts for all.
final class PromptGate {
  private let environment: Environment
  private let directory: VaultDirectory
  private let clock: () -> Int64
  private let findCommand: () -> ProcessIdentity?
  private lazy var command = findCommand()
  /// Open while it is this process's turn.
  private var turn: Int32 = -1
  /// Whether nobody is asked because the person said no just now.
  private(set) var isDeclined = false

  /// Makes a gate; nothing is looked at yet.
  ///
  /// - Parameters:
  ///   - clock: seconds since 1970. A prompt may stay open for long.
  ///   - command: the git command on whose behalf this process runs; the topmost git above it if not given.
  init(
    environment: Environment, directory: VaultDirectory, clock: @escaping () -> Int64,
    command: (() -> ProcessIdentity?)? = nil
  ) {
    self.environment = environment
    self.directory = directory
    self.clock = clock
    findCommand = command ?? { .topmostGit(from: Int(getppid()), stat: ProcessIdentity.stat(of:)) }
  }

  deinit { if turn >= 0 { close(turn) } }

  /// Whether somebody may be asked: git itself may ask at the terminal, and the person did not say no just now. Waits
  /// while another helper of the same git command asks.
  func mayAsk() -> Bool {
    guard Self.isPersonThere(environment) else { return false }
    guard let command else { return true }
    awaitTurn(of: command)
    guard let entry = declined().entry(of: command, now: clock()) else { return true }
    isDeclined = entry.wasCancelled
    return false
  }

  /// Only helpers of one command wait for each other: a prompt that nobody answers in one window, or a command that is
  /// stopped there, does not hold up git in another.
  private func awaitTurn(of command: ProcessIdentity) {
    guard turn < 0 else { return }
    turn = lockwise_open(directory.declinedMarker, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard turn >= 0 else { return }
    while lockwise_lock_place(turn, off_t(command.id)) != 0, errno == EINTR {}
  }

  /// git asks nobody if `GIT_TERMINAL_PROMPT` is 0 or empty, and a program if `GIT_ASKPASS` names one (git(1)): then it
  /// runs below an editor or a script, and whoever is at its terminal, if there is one, does not wait for us.
  static func isPersonThere(_ environment: Environment) -> Bool {
    guard environment["GIT_ASKPASS"] == nil else { return false }
    return environment.value("GIT_TERMINAL_PROMPT").map { _ in environment.isOn("GIT_TERMINAL_PROMPT") } ?? true
  }

  /// Notes that somebody was asked in vain.
  func noteDeclined(wasCancelled: Bool) {
    guard let command else { return }
    var prompts = declined()
    prompts.note(command, wasCancelled: wasCancelled, now: clock())
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
    let descriptor = lockwise_open(directory.declinedMarker, flags, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var text = prompts.text
    text.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
  }

  private func declined() -> DeclinedPrompts {
    let descriptor = lockwise_open(directory.declinedMarker, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return DeclinedPrompts(text: []) }
    defer { close(descriptor) }
    let content = ChildProcess.read(descriptor, limit: 65536)
    return DeclinedPrompts(text: content.map { $0.withUnsafeBytes { Array($0) } } ?? [])
  }
}
