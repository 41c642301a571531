import LockwiseCLI
import LockwiseCore

/// The lines that a step adds to the start file of the login shell: variables for programs.
struct StartFileBlock {
  let context: SetupContext
  let step: StepName
  /// The variables.
  let variables: [(name: String, value: String)]
  /// The path of the program without which they must not be set; `nil` if they are always set.
  let program: String?

  /// Whether the lines are in the start file.
  enum State: Equatable {
    /// They are, or the user's own lines have the same effect.
    case present(String)
    /// They are not, or they name a program that is not there.
    case absent
    /// They cannot be added, for this reason.
    case unusable(String)
  }

  /// The block for a start file.
  func block(_ file: ShellStartFile) -> MarkedBlock {
    MarkedBlock(
      name: step.rawValue, lines: ShellText.exports(variables, if: program, file.syntax))
  }

  /// The words for the place of the lines, such as `7 lines to the end of ~/.profile`.
  var description: String {
    guard let start = context.startFile else { return "lines to the start file of your shell" }
    return "\(block(start).lineCount) lines to the end of \(context.shown(start.path))"
  }

  /// Finds out whether the lines are there.
  ///
  /// - Parameter isOwn: whether the value of the first variable has the wanted effect.
  func state(isOwn: (String) -> Bool) -> State {
    guard let start = context.startFile else {
      return .unusable("cannot tell which file \(ShellStartFile.loginShell(context.environment)) reads at login")
    }
    do throws(UserFile.Failure) {
      let text = try UserFile(start.path).text
      switch MarkedBlock.find(step.rawValue, in: text) {
      case .incomplete: return .unusable("\(context.shown(start.path)) has only a part of the lines of setup")
      case .found(let range) where text[range] == SecretBytes(utf8: block(start).text):
        return .present(context.shown(start.path))
      case .found, .absent:
        let values = ShellText.values(of: variables[0].name, in: text)
        return values.contains(where: isOwn) ? .present(context.shown(start.path)) : .absent
      }
    } catch {
      return .unusable("cannot read \(context.shown(error.path)): \(error.reason)")
    }
  }

  /// Adds the lines, in place of those of an earlier run.
  ///
  /// - Throws: `UserFile.Failure`, `SetupRecordFile.Failure`, `CryptoError`, `UserFacingError`.
  func add() throws {
    guard let start = context.startFile else {
      throw UserFacingError("cannot find the start file of your shell", exitCode: .failure)
    }
    try context.removeEarlier(step, start.path) { MarkedBlock.removing(step.rawValue, from: $0) }
    var file = try UserFile(start.path)
    if let others = MarkedBlock.removing(step.rawValue, from: file.text) {
      // The record of that run is lost.
      try file.write(others, as: .shared)
      file = try UserFile(start.path)
    }
    try context.add(block(start).insertion(into: file.text), to: file, as: .shared, for: step)
  }

  /// Undoes `add`.
  ///
  /// - Throws: `UserFile.Failure`, `CryptoError`.
  func revert(_ change: SetupChange) throws -> Reversion {
    try context.remove(change) { text in
      change.insertion?.found(in: text) ?? MarkedBlock.removing(step.rawValue, from: text)
    }
  }
}
