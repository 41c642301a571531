import CLinux
import Glibc
import LockwiseCore

/// Determines where the user may be prompted to unlock the vault.
///
/// A git command can run several helpers at once, as `git fetch --jobs` does. They prompt one after the other, and the
/// first passphrase serves all.
final class PromptGate {
  /// The time to wait for another git command's prompt window, milliseconds.
  private static let windowTimeout = 60_000
  /// The position in the file that is locked for the prompt window. Positions up to the largest process id are locked
  /// for git commands.
  private static let windowPlace = off_t(1) << 40
  private static let contentPlace = windowPlace + 1

  private let permitted: PromptScope
  private let directory: VaultDirectory
  private let clock: () -> Int64
  private let findCommand: () -> ProcessIdentity?
  private lazy var command = findCommand() ?? ProcessIdentity(id: 0, start: 0)
  /// The descriptor of the file, open while it is this process's turn to prompt.
  private var turn: Int32 = -1
  /// Whether the user is not prompted because they just cancelled a prompt of this git command.
  private(set) var isDeclined = false

  /// Makes a gate without reading anything.
  ///
  /// - Parameters:
  ///   - clock: returns the current time, seconds since 1970. A prompt can stay open for a long time.
  ///   - command: returns the git command that runs this process; by default its topmost git ancestor.
  init(
    environment: Environment, directory: VaultDirectory, clock: @escaping () -> Int64,
    command: (() -> ProcessIdentity?)? = nil
  ) {
    self.permitted = permitted
    self.directory = directory
    self.clock = clock
    findCommand = command
  }

  deinit { if turn >= 0 { close(turn) } }

  /// Returns where the user may be prompted now. Waits for prompts of other helpers of the same git command.
  ///
  /// If git must not use the terminal, an editor or a script may run it without the user's request. Then no prompt is
  /// shown for five minutes after the user cancelled one of any git command.
  func scope() -> PromptScope {
    let scope = Self.scope(environment)
    guard scope != .nowhere else { return .nowhere }
    awaitTurn(at: off_t(command.id))
    if isCancelledOrWrong(command) { return .nowhere }
    guard scope == .window else { return scope }
    guard awaitWindow(), !prompts().wasCancelled(now: clock()) else { return .nowhere }
    return .window
  }

  /// Returns where git's environment permits prompts. An empty or false `GIT_TERMINAL_PROMPT` forbids the terminal, and
  /// so does a program in `GIT_ASKPASS` (git(1)), because the user does not expect a prompt at the terminal.
  static func scope(_ environment: Environment) -> PromptScope {
    let isForbidden =
      environment["GIT_ASKPASS"] != nil
      || environment.value("GIT_TERMINAL_PROMPT") != nil && !environment.isOn("GIT_TERMINAL_PROMPT")
    guard isForbidden else { return .anywhere }
    return environment["DISPLAY"] ?? environment["WAYLAND_DISPLAY"] == nil ? .nowhere : .window
  }

  private func isCancelledOrWrong(_ command: ProcessIdentity) -> Bool {
    // Without a git ancestor, each run is its own command.
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
  /// stopped command in one terminal does not block git in another.
  private func awaitTurn(at place: off_t) {
    guard turn < 0 else { return }
    turn = lockwise_open(directory.declinedMarker, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard turn >= 0, place > 0 else { return }
    _ = FileDescriptor.retrying { lockwise_lock_place(turn, place) }
  }

  /// Waits until no other command has a prompt window open; `false` after a timeout.
  private func awaitWindow() -> Bool {
    guard turn >= 0 else { return true }
    for _ in 0..<Self.windowTimeout / 50 {
      if lockwise_try_lock_place(turn, Self.windowPlace) == 0 { return true }
      usleep(50_000)
    }
    return false
  }

  /// The outcome of this command's prompts if one of its `get` operations unlocked the vault with a key that could not
  /// be stored.
  var unkept: DeclinedPrompts.Outcome? {
    guard command.id > 0 else { return nil }
    let outcome = prompts().outcome(of: command, now: clock())
    return outcome == .answered || outcome == .missed ? outcome : nil
  }

  /// Records that a prompt did not unlock the vault.
  func recordDeclined(wasCancelled: Bool) { record { _ in wasCancelled ? .cancelled : .wrong } }

  /// Records that the vault was unlocked for this run only.
  ///
  /// - Parameter isAnswered: whether the vault had the requested login.
  func recordUnkept(isAnswered: Bool) {
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
