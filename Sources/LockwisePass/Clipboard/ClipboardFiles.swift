import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The files in which wl-copy(1) keeps what it holds. It removes them when another program copies something, but not
/// when a signal ends it.
///
/// Newer versions put them into `TMPDIR`, which is a folder in memory here. Version 2.1 always puts them into `/tmp`; they
/// are found there by their name and time.
final class ClipboardFiles {
  /// The environment for wl-copy.
  let environment: Environment
  private let folder: PrivateFolder?
  private let before: Set<[UInt8]>
  private var new: Set<[UInt8]> = []

  private static let place = "/tmp"
  private static let prefix = Array("wl-copy-buffer-".utf8)

  /// Makes the folder and records which files other runs of wl-copy have.
  init(_ environment: Environment) {
    folder = PrivateFolder(in: "/dev/shm", prefix: "lockwise-pass.", isShared: true)
    self.environment = folder.map { environment.setting("TMPDIR", to: $0.path) } ?? environment
    before = Self.names
  }

  /// Records the files that have been made since.
  func recordNew() { new = Self.names.subtracting(before) }

  /// Removes what is left of them.
  ///
  /// - Parameter wasEnded: whether a signal ended wl-copy. If not, it has removed its own files, and any that are left
  ///   belong to another run.
  func remove(wasEnded: Bool) {
    folder?.remove()
    guard wasEnded else { return }
    for name in new { LeftoverFolders.remove(name, in: Self.place) }
  }

  /// The names of this user's folders.
  private static var names: Set<[UInt8]> { Set(LeftoverFolders.names(in: place, prefix: prefix)) }
}
