import CLinux
import Glibc
import LockwiseCore

/// Decides where the user may be asked to unlock the vault. One command of a host may run several helpers at once, as
/// `git fetch --jobs` does: they ask one after the other, and the first answer serves all.
public final class PromptGate {
  /// How long to wait while another command asks in a window.
  private static let windowTimeout: Milliseconds = 60_000
  /// The position in the file that is locked for the prompt window. Positions up to the largest process id are locked
  /// for commands.
  private static let windowPlace = off_t(1) << 40
  private static let contentPlace = windowPlace + 1

  private let permitted: PromptScope
  private let directory: VaultDirectory
  private let clock: () -> Seconds
  private let findCommand: () -> ProcessIdentity?
  private lazy var command = findCommand() ?? ProcessIdentity(id: 0, start: 0)
  /// The descriptor of the file, open while it is this process's turn to prompt.
  private var turn: Int32 = -1
  /// Whether the user is not asked because they cancelled just now, in this command.
  public private(set) var isDeclined = false

  /// Makes a gate without reading anything.
  ///
  /// - Parameters:
  ///   - permitted: where the host permits prompts.
  ///   - directory: the vault's directory.
  ///   - clock: the current time. A prompt may stay open for long.
  ///   - command: finds the command of the host on whose behalf this process runs; `nil` if there is none.
  init(
    permitted: PromptScope, directory: VaultDirectory, clock: @escaping () -> Seconds,
    command: @escaping () -> ProcessIdentity?
  ) {
    self.permitted = permitted
    self.directory = directory
    self.clock = clock
    findCommand = command
  }

  deinit { if turn >= 0 { close(turn) } }

  /// Returns where the user may be prompted now. Waits for prompts of other helpers of the same command.
  ///
  /// Where a host must not use the terminal, an editor or a script may run it without the user's request. A prompt that
  /// was cancelled in any command is then not repeated for five minutes.
  public func scope() -> PromptScope {
    let scope = permitted
    guard scope != .nowhere else { return .nowhere }
    awaitTurn(at: off_t(command.id))
    if isCancelledOrWrong(command) { return .nowhere }
    guard scope == .window else { return scope }
    guard awaitWindow(), !prompts().wasCancelled(now: clock()) else { return .nowhere }
    return .window
  }

  private func isCancelledOrWrong(_ command: ProcessIdentity) -> Bool {
    // Without a host above it, each run is its own command.
    guard command.id > 0 else { return false }
    switch prompts().outcome(of: command, now: clock()) {
    case .cancelled:
      isDeclined = true
      return true
    case .wrong: return true
    case .answered, .missed, nil: return false
    }
  }

  /// Waits for this process's turn. Only helpers of the same command wait for each other, so that an open prompt or a
  /// stopped command in one terminal does not block one in another.
  private func awaitTurn(at place: off_t) {
    guard turn < 0 else { return }
    turn = lockwise_open(directory.declinedMarker, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard turn >= 0, place > 0 else { return }
    _ = FileDescriptor.retrying { lockwise_lock_place(turn, place) }
  }

  /// Waits until no other command has a prompt window open; `false` after a timeout.
  private func awaitWindow() -> Bool {
    guard turn >= 0 else { return true }
    for _ in 0..<Self.windowTimeout.rawValue / 50 {
      if lockwise_try_lock_place(turn, Self.windowPlace) == 0 { return true }
      usleep(50_000)
    }
    return false
  }

  /// What became of this command's prompts, if a helper of it unlocked the vault with a key that could not be kept.
  public var unkept: DeclinedPrompts.Outcome? {
    guard command.id > 0 else { return nil }
    let outcome = prompts().outcome(of: command, now: clock())
    return outcome == .answered || outcome == .missed ? outcome : nil
  }

  /// Records that the user was asked in vain.
  public func recordDeclined(wasCancelled: Bool) { record { _ in wasCancelled ? .cancelled : .wrong } }

  /// Records that the vault was unlocked for this run only.
  ///
  /// - Parameter isAnswered: whether the vault had what the host asked for.
  public func recordUnkept(isAnswered: Bool) {
    guard command.id > 0 else { return }
    record { $0 == .missed || !isAnswered ? .missed : .answered }
  }

  /// Records an outcome.
  ///
  /// - Parameter outcome: returns the outcome from the last one.
  private func record(_ outcome: (DeclinedPrompts.Outcome?) -> DeclinedPrompts.Outcome) {
    let descriptor = lockwise_open(directory.declinedMarker, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = FileDescriptor.retrying { lockwise_lock_place(descriptor, Self.contentPlace) }
    var prompts = Self.read(descriptor)
    let now = clock()
    prompts.record(outcome(prompts.outcome(of: command, now: now)), of: command, now: now)
    var text = prompts.text
    text.withUTF8 {
      ftruncate(descriptor, 0)
      _ = pwrite(descriptor, $0.baseAddress, $0.count, 0)
    }
  }

  private func prompts() -> DeclinedPrompts {
    let descriptor = lockwise_open(directory.declinedMarker, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return DeclinedPrompts(text: []) }
    defer { close(descriptor) }
    return Self.read(descriptor)
  }

  private static func read(_ descriptor: Int32) -> DeclinedPrompts {
    let content = FileDescriptor.readAll(descriptor, limit: 65536)
    return DeclinedPrompts(text: content.map { $0.withUnsafeBytes { Array($0) } } ?? [])
  }
}
