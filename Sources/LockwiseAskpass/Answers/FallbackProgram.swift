import Glibc
import LockwiseCLI
import LockwiseCore

/// The askpass program of the setting `askpass-fallback`, which gets every question that the vault does not answer.
struct FallbackProgram {
  /// The variable that marks the environment of the program: the process id and start time of the run that it replaced.
  static let mark = "ASKPASS_CALLER"

  private let path: String
  private let environment: Environment

  /// Finds the program; `nil` if it is not set, or this run was started by it.
  ///
  /// - Parameters:
  ///   - configuration: the settings.
  ///   - messages: reports that it is missing.
  ///   - stat: returns the content of `/proc/<id>/stat`.
  init?(
    _ configuration: Configuration, _ messages: Diagnostics,
    stat: (Int) -> [UInt8]? = { ProcessIdentity.stat(of: $0) }
  ) {
    guard let program = configuration["LOCKWISE_ASKPASS_FALLBACK"] else { return nil }
    // The program keeps the process id of the run, so the mark applies as long as it runs.
    if let mark = configuration.environment[Self.mark], Self.isRunning(mark, stat) { return nil }
    guard let path = ProgramSearch(configuration.environment).find(program) else {
      messages.error("cannot find the program \(program) (askpass-fallback)")
      return nil
    }
    self.path = path
    let own = Int(getpid())
    let start = stat(own).flatMap { ProcessIdentity(id: own, stat: $0) }?.start ?? 0
    environment = configuration.environment.setting(Self.mark, to: "\(own):\(start)")
  }

  private static func isRunning(_ mark: String, _ stat: (Int) -> [UInt8]?) -> Bool {
    let fields = mark.split(separator: ":")
    guard fields.count == 2, let id = Int(fields[0]), let start = UInt64(fields[1]), let line = stat(id) else {
      return false
    }
    return ProcessIdentity(id: id, stat: line)?.start == start
  }

  /// Runs the program in place of this one, with the same question, streams and environment.
  ///
  /// - Parameters:
  ///   - prompt: the bytes of the prompt.
  ///   - isNotice: whether it shows a notice, which ends with the parent.
  /// - Returns: the failure; it does not return on success.
  func run(_ prompt: [UInt8], isNotice: Bool) -> UserFacingError {
    ChildProcess.replaceProcess(with: path, [prompt], environment: environment, endsWithParent: isNotice)
  }
}
