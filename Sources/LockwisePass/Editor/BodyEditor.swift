import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// Lets the user edit a text in a file that is in memory and gone afterwards.
struct BodyEditor {
  private let context: PassContext
  private let memory: String

  /// Makes an editor.
  ///
  /// - Parameter memory: the folder for files in memory.
  init(_ context: PassContext, memory: String = "/dev/shm") {
    self.context = context
    self.memory = memory
  }

  /// Opens a text in the user's editor.
  ///
  /// If the result is refused and the user is at a terminal, they can edit it again. A signal that ends the process
  /// also ends the editor, and the file is removed first.
  ///
  /// - Parameters:
  ///   - text: the text; `nil` if there is no file yet.
  ///   - name: the entry's name, for the name of the file.
  ///   - accept: uses the edited text. It throws what is reported to the user.
  /// - Returns: whether there was a file after editing.
  /// - Throws: `UserFacingError` if the editor is missing or fails, after which nothing was accepted; what `accept`
  ///   throws.
  func edit(_ text: SecretBytes?, called name: String, _ accept: (SecretBytes) throws -> Void) throws -> Bool {
    let place = try choosePlace()
    let interruption = Interruption()
    interruption.begin()
    guard let folder = PrivateFolder(in: place, prefix: "lockwise-pass.", isShared: true) else {
      throw Self.failure("make a folder in", place)
    }
    defer {
      folder.remove(overwriting: place != memory)
      interruption.endReceived()
    }
    let path = folder.path + "/" + Self.fileName(for: name, random: String(folder.path.suffix(6)))
    if let text { try write(text, to: path) }
    while true {
      guard try run(path, interruption) else { return false }
      guard access(path, F_OK) == 0 else { return false }
      do {
        try accept(read(path))
        return true
      } catch let failure as PassFailure {
        throw failure
      } catch {
        guard context.isInputTerminal else { throw error }
        context.helper.diagnostics.report(UserFacingError(error))
        try PassInput(context).confirm("Would you like to edit it again?", interruption: interruption)
      }
    }
  }

  /// Returns the name of the file: random letters, the entry's name with `-` for `/`, and `.txt`.
  static func fileName(for name: String, random: String) -> String {
    let safe = PrintableText.of(name).unicodeScalars.map { $0 == "/" ? "-" : Character($0) }
    var length = 0
    let short = safe.prefix { character in
      length += character.utf8.count
      // NAME_MAX is 255 bytes (limits.h).
      return length <= 200
    }
    return "\(random)-\(String(short)).txt"
  }

  /// Returns the folder for the file's own folder: the one in memory, else, if the user agrees, `TMPDIR`.
  private func choosePlace() throws -> String {
    if access(memory, W_OK | X_OK) == 0 { return memory }
    guard context.isInputTerminal else {
      throw UserFacingError(
        "cannot edit without leaving the text on a disk: \(memory): \(String(cString: strerror(errno)))",
        hint: "run the command at a terminal, which asks", exitCode: .failure)
    }
    context.err(
      """
      Your system does not have \(memory), which means that it may
      be difficult to entirely erase the temporary non-encrypted
      password file after editing.

      """)
    try PassInput(context).confirm("Are you sure you would like to continue?")
    return context.environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
  }

  private func write(_ text: SecretBytes, to path: String) throws {
    let file = lockwise_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Self.failure("write", path) }
    defer { close(file) }
    guard text.withUnsafeBytes({ FileDescriptor.writeAll(file, $0) }) else { throw Self.failure("write", path) }
  }

  /// Runs the editor.
  ///
  /// - Returns: `false` after a signal that ends this process.
  private func run(_ path: String, _ interruption: Interruption) throws -> Bool {
    let editor = EditorCommand(context.environment)
    let outcome = try AttendedProcess.run(
      "/bin/sh", editor.arguments(opening: path), environment: context.environment, in: .current,
      interruption: interruption)
    guard outcome.signal == nil else { return false }
    switch outcome.ending?.ofShellCommand {
    case .exited(0): return true
    case .exited(127): throw UserFacingError("cannot run the editor \(editor.text)", exitCode: .failure)
    case .exited(let status):
      throw UserFacingError("the editor ended with status \(status); nothing was changed", exitCode: .failure)
    case .signalled, nil:
      throw UserFacingError("a signal ended the editor; nothing was changed", exitCode: .cancelled)
    }
  }

  private func read(_ path: String) throws -> SecretBytes {
    let file = lockwise_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
    guard file >= 0 else { throw Self.failure("read", path) }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      throw UserFacingError("cannot read \(path): it is not a regular file", exitCode: .failure)
    }
    // One byte more, so that the body's own check finds and names the excess.
    guard let text = FileDescriptor.readAll(file, limit: PassInput.limit + 1) else {
      throw UserFacingError("cannot save the entry: longer than 1 MiB", exitCode: .failure)
    }
    return text
  }

  private static func failure(_ verb: String, _ path: String) -> UserFacingError {
    UserFacingError("cannot \(verb) \(path): \(String(cString: strerror(errno)))", exitCode: .failure)
  }
}
