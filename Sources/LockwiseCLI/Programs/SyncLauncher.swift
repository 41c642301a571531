import CLinux
import Glibc
import LockwiseCore

/// Starts `lockwise-sync pull` and `push` for programs without network code.
public struct SyncLauncher {
  private let directory: VaultDirectory
  private let configuration: Configuration
  private let now: Seconds
  private let diagnostics: Diagnostics?

  /// Makes a launcher.
  ///
  /// - Parameters:
  ///   - directory: the vault's directory.
  ///   - configuration: `LOCKWISE_PULL_INTERVAL` (seconds, 900), `LOCKWISE_PULL_TIMEOUT` (seconds, 5).
  ///   - now: the current time.
  ///   - diagnostics: reports if `lockwise-sync` cannot be found, or if pulls have failed for days.
  package init(
    directory: VaultDirectory, configuration: Configuration, now: Seconds, diagnostics: Diagnostics? = nil
  ) {
    self.directory = directory
    self.configuration = configuration
    self.now = now
    self.diagnostics = diagnostics
  }

  /// The time after a failed pull before a helper tries again.
  private static let attemptInterval: Seconds = 60

  private static let tolerance: Seconds = 60

  /// Whether the vault's copy is out of date and was not attempted to update just now.
  public var isDue: Bool {
    let interval = configuration.seconds("LOCKWISE_PULL_INTERVAL", fallback: 900)
    guard interval > 0 else { return false }
    return age(directory.pulledMarker) >= interval && age(directory.pullLock) >= min(interval, Self.attemptInterval)
  }

  /// Starts a pull in the background.
  public func startDetached() {
    reportFailingPulls()
    _ = start("pull", "--background")
  }

  /// Starts a pull in the background that is not a child of this process, for a process that becomes another program.
  ///
  /// It starts none if it would become a child nevertheless: this process is the first of a container, or a subreaper
  /// (PR_SET_CHILD_SUBREAPER(2const)). Then the next program of the suite starts it.
  public func startOrphaned() {
    guard lockwise_adopts_orphans() == 0 else { return }
    reportFailingPulls()
    attempt("pull") {
      try ChildProcess.startOrphan(
        program, Self.arguments("pull", ["--background"]), environment: quiet, streams: .init(error: .null))
    }
  }

  /// Starts an upload in the background. If it fails, the next pull uploads the changes. If another upload is already
  /// waiting for a running one, that one uploads this change too.
  package func startPush() {
    _ = start("push", "--background")
  }

  /// Starts a pull and waits for it for at most `LOCKWISE_PULL_TIMEOUT` seconds. After that it continues in the
  /// background.
  ///
  /// - Returns: whether it succeeded in time.
  public func runBounded() -> Bool {
    let limit = configuration.seconds("LOCKWISE_PULL_TIMEOUT", fallback: 5, limit: 300)
    guard limit > 0 else { return false }
    reportFailingPulls()
    guard let pid = start("pull") else { return false }
    return ChildProcess.wait(pid, until: .monotonic() + Milliseconds(limit)) == .exited(0)
  }

  /// Runs `lockwise-sync` with the standard streams of this process and waits for its end.
  ///
  /// - Parameter arguments: the command and its options.
  /// - Returns: its exit status; `.failure` if a signal ended it.
  /// - Throws: `UserFacingError` if it cannot be run.
  public func runInForeground(_ arguments: [String]) throws -> ExitCode {
    do {
      let ending = try ChildProcess.run(program, arguments, environment: configuration.environment)
      return ending.status.flatMap { ExitCode(rawValue: $0) } ?? .failure
    } catch {
      throw UserFacingError("cannot run lockwise-sync", exitCode: .failure)
    }
  }

  private func reportFailingPulls() {
    guard let diagnostics, isatty(2) == 1 else { return }
    FailingPulls(directory: directory, now: now).report(to: diagnostics)
  }

  private func start(_ command: String, _ options: String...) -> pid_t? {
    attempt(command) {
      try ChildProcess.start(
        program, Self.arguments(command, options), environment: quiet, streams: .init(error: .null), detached: true)
    }
  }

  private static func arguments(_ command: String, _ options: [String]) -> [String] { [command, "--quiet"] + options }

  /// Calls `body` and reports if it cannot start `lockwise-sync`.
  @discardableResult
  private func attempt<Result>(_ command: String, _ body: () throws -> Result) -> Result? {
    do {
      return try body()
    } catch ChildProcess.Failure.notFound {
      diagnostics?.notice("cannot run lockwise-sync \(command): the program is neither next to this one nor in PATH")
    } catch {
      diagnostics?.notice("cannot run lockwise-sync \(command)")
    }
    return nil
  }

  /// The path of `lockwise-sync` in the folder of this program, if others cannot write to that folder; else its name,
  /// for a search of `PATH`.
  ///
  /// The folder is that of the running file (proc(5), `/proc/self/exe`), not the current one. Whoever runs a program
  /// built in a worktree trusts it, and therefore the programs next to it.
  private var program: String {
    guard let own = ExecutablePath.own, let slash = own.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return "lockwise-sync"
    }
    let sibling = String(own[...slash]) + "lockwise-sync"
    guard ProgramSearch.isExecutable(sibling), (try? TrustedPath.checkFolders(above: sibling)) != nil else {
      return "lockwise-sync"
    }
    return sibling
  }

  private var quiet: Environment { configuration.environment.setting("LOCKWISE_NO_PROMPT", to: "1") }

  /// Returns the age of a file's last change. A time in the future means that the clock was wrong, so the age
  /// is unlimited; a few seconds mean that another run began after this one.
  private func age(_ path: String) -> Seconds {
    var info = stat()
    guard stat(path, &info) == 0 else { return .max }
    let age = now - Seconds(Int64(info.st_mtim.tv_sec))
    return age + Self.tolerance < 0 ? .max : max(0, age)
  }
}
