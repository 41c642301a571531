import CLinux
import Glibc
import LockwiseCore

/// Starts `lockwise-sync pull` and `push` for programs that have no network code of their own.
public struct SyncLauncher {
  private let directory: VaultDirectory
  private let configuration: Configuration
  private let diagnostics: Diagnostics?

  /// Makes a trigger.
  ///
  /// - Parameters:
  ///   - directory: the vault's directory.
  ///   - configuration: `LOCKWISE_PULL_INTERVAL` (seconds, 900), `LOCKWISE_PULL_TIMEOUT` (seconds, 5).
  ///   - diagnostics: where a `lockwise-sync` that cannot be found is reported.
  public init(directory: VaultDirectory, configuration: Configuration, diagnostics: Diagnostics? = nil) {
    self.directory = directory
    self.configuration = configuration
    self.diagnostics = diagnostics
  }

  /// A failed pull is not tried again by a helper before this many seconds are over.
  private static let attemptInterval: UInt32 = 60

  private static let tolerance = 60

  /// Whether the copy is older than it should be and nobody tried to renew it just now.
  ///
  /// - Parameter now: seconds since 1970.
  public func isDue(now: Int) -> Bool {
    let interval = configuration.seconds("LOCKWISE_PULL_INTERVAL", fallback: 900)
    guard interval > 0 else { return false }
    return age(directory.pulledMarker, now: now) >= Int(interval)
      && age(directory.pullLock, now: now) >= Int(min(interval, Self.attemptInterval))
  }

  /// Starts a pull and does not wait for it.
  public func startDetached() {
    _ = start("pull", "--background")
  }

  /// Starts an upload of what was changed here and does not wait for it. If it fails, the next pull does it. If one waits
  /// already for another that runs, that one uploads this change too.
  public func startPush() {
    _ = start("push", "--background")
  }

  /// Starts a pull and waits for it, but not longer than `LOCKWISE_PULL_TIMEOUT` seconds; it goes on behind.
  ///
  /// - Returns: whether it succeeded in time.
  public func runBounded() -> Bool {
    let limit = configuration.seconds("LOCKWISE_PULL_TIMEOUT", fallback: 5, limit: 300)
    guard limit > 0, let pid = start("pull") else { return false }
    return ChildProcess.wait(pid, milliseconds: Int(limit) * 1000) == 0
  }

  private func start(_ command: String, _ options: String...) -> pid_t? {
    do {
      return try ChildProcess.start(program, [command, "--quiet"] + options, environment: quiet, detached: true)
    } catch ChildProcess.Failure.notFound {
      diagnostics?.notice("cannot run lockwise-sync \(command): the program is neither next to this one nor in PATH")
    } catch {
      diagnostics?.notice("cannot run lockwise-sync \(command)")
    }
    return nil
  }

  /// `lockwise-sync` in the folder of this program, if nobody else can put a file there; else along `PATH`.
  ///
  /// The folder is that of the file that runs (proc(5), `/proc/self/exe`), not the current one. A program that was built
  /// in a worktree is trusted by whoever runs it, and so is what is next to it.
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

  /// How long ago a file was touched, seconds. One from the future, touched while the clock was wrong, is as old as can be;
  /// a few seconds are another run that began after this one.
  private func age(_ path: String, now: Int) -> Int {
    var info = stat()
    guard stat(path, &info) == 0 else { return Int.max }
    let age = now - info.st_mtim.tv_sec
    return age < -Self.tolerance ? Int.max : max(0, age)
  }
}
