import CLinux
import Glibc
import LockwiseCore

/// Decides whether a person may be asked to unlock the vault.
final class PromptGate {
  private let environment: Environment
  private let directory: VaultDirectory
  private let now: Int64
  private lazy var command = ProcessIdentity.topmostGit(from: Int(getppid()), stat: ProcessIdentity.stat(of:))
  /// Whether nobody is asked because the person said no just now.
  private(set) var isDeclined = false

  /// Makes a gate; nothing is looked at yet.
  init(environment: Environment, directory: VaultDirectory, now: Int64) {
    self.environment = environment
    self.directory = directory
    self.now = now
  }

  /// Whether somebody may be asked: git itself may ask at the terminal, and the person did not say no just now.
  func mayAsk() -> Bool {
    guard Self.isPersonThere(environment) else { return false }
    guard let command, let entry = declined().entry(of: command, now: now) else { return true }
    isDeclined = entry.wasCancelled
    return false
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
    prompts.note(command, wasCancelled: wasCancelled, now: now)
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
