import Glibc
import LockwiseCLI
import LockwiseCore

/// The command `shadow`: runs a program that reads pass's folder and starts pass, such as passmenu or QtPass.
struct ShadowCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    var command = arguments[...]
    if command.first == "--" { command.removeFirst() }
    guard let program = command.popFirst(), !program.isEmpty else { throw context.usage("[--] COMMAND [ARGUMENT...]") }
    guard let own = ExecutablePath.own else {
      throw UserFacingError("cannot find the file of this program: /proc is not available", exitCode: .failure)
    }
    let names = try PassStore(context).list().entries.lazy.map(\.name)
    PassStore.storeCaches(context)
    let status = try run(program, Array(command), names: names, own: own)
    // The status is the program's own, which need not be one of ours.
    exit(status)
  }

  /// Runs the program while the folder exists.
  ///
  /// - Returns: its status as a shell reports it.
  private func run(_ program: String, _ arguments: [String], names: some Sequence<String>, own: String) throws
    -> Int32
  {
    let environment = context.environment
    let interruption = Interruption()
    interruption.begin()
    let folder = try ShadowFolder(in: environment["XDG_RUNTIME_DIR"], program: own)
    defer {
      folder.remove()
      interruption.endReceived()
    }
    let skipped = try folder.fill(with: names)
    if skipped > 0 {
      context.helper.diagnostics.notice(
        "\(skipped) \(skipped == 1 ? "name is" : "names are") left out: not a possible name of a file")
    }
    let path = folder.programs + ":" + ProgramSearch(environment).path
    do {
      let outcome = try AttendedProcess.run(
        Self.absolute(program), arguments,
        environment: environment.setting("PASSWORD_STORE_DIR", to: folder.store).setting("PATH", to: path),
        in: .current, interruption: interruption)
      return outcome.ending?.shellStatus ?? 1
    } catch ChildProcess.Failure.notFound {
      throw UserFacingError("cannot run \(program): it is not an executable file in PATH", exitCode: .failure)
    } catch ChildProcess.Failure.notStarted(_, let number) {
      throw UserFacingError("cannot run \(program): \(String(cString: strerror(number)))", exitCode: .failure)
    }
  }

  /// Returns the absolute path of a program that the user named by a relative one.
  private static func absolute(_ program: String) -> String {
    guard program.utf8.contains(UInt8(ascii: "/")), !program.hasPrefix("/"), let folder = getcwd(nil, 0) else {
      return program
    }
    defer { free(folder) }
    return String(cString: folder) + "/" + program
  }
}
